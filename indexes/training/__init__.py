"""How the shipped encoder is made, and how it is adapted to a library. Needs the extra ``models``.

From a JSONL file of papers to an ONNX folder, in stages that are kept on disk and taken up where they stopped:
papers (:mod:`.papers`), concepts (:mod:`.concepts`), states of the frozen lower layers and the teachers'
vectors (:mod:`.states`), training of the heads and the upper layers (:mod:`.train`), export (:mod:`.write`).
"""
