"""How the shipped encoder is made, which needs the extra ``models``, and how it is adapted to a library.

From files of papers to an ONNX folder (:mod:`.program`), in stages that are kept on disk and taken up where
they stopped: papers (:mod:`.papers`), concepts (:mod:`.mine`), states of the frozen lower layers and the
teachers' vectors (:mod:`.states`), training of the heads and the upper layers (:mod:`.train`), export
(:mod:`.write`), what it was measured to do (:mod:`.known_items`), its card (:mod:`.card`). Adaptation
(:mod:`.adapt`) changes concepts and weights alone, so it needs neither torch nor training.
"""
