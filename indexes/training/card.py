"""The model card that the program writes beside an encoder, from what the folder's own files say."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from indexes.joint_manifest import CONCEPTS_FILE, FILES, TRAINING_FILE, Manifest
from indexes.onnx import MODEL_FILE

CARD_FILE = "CARD.md"


def write_card(folder: Path) -> None:
    """Write ``CARD.md``. EncoderError where the folder holds no joint encoder."""
    manifest = Manifest.read(folder)
    training = json.loads((folder / TRAINING_FILE).read_text(encoding="utf-8"))
    (folder / CARD_FILE).write_text("\n".join(_card(folder, manifest, training)) + "\n", encoding="utf-8")


def _card(folder: Path, manifest: Manifest, training: Mapping[str, Any]) -> Iterator[str]:
    yield from _header(training)
    yield f"# {manifest.name}"
    yield ""
    yield "An encoder for abstracts of scientific papers in English. One pass of it gives both vectors of a"
    yield f"document: a dense one of {manifest.dimensions} dimensions, and a sparse one over word pieces and"
    yield "research terms. Queries of the sparse side need the tokenizer and the terms, not the model."
    yield from _use()
    yield from _origin(training)
    yield from _recipe(training)
    yield from _measured(training)
    yield from _adapted(training)
    yield from _limits(manifest)
    yield from _files(folder)


def _header(training: Mapping[str, Any]) -> Iterator[str]:
    """What model hubs and `litsearch models show` read."""
    yield "---"
    if training.get("licence"):
        yield f"license: {training['licence'].lower()}"
    yield "language: en"
    if training.get("base"):
        yield f"base_model: {training['base']}"
    if training.get("data"):
        yield "datasets:"
        yield from (f"- {each['file']}" for each in training["data"])
    yield "---"


def _use() -> Iterator[str]:
    yield from ("", "## How to use it", "")
    yield from ("```", "litsearch models use onnx:FOLDER", "```")
    yield from ("", "From Python, with litsearch installed:", "")
    yield "```python"
    yield "from pathlib import Path"
    yield "from indexes.joint import JointModel"
    yield ""
    yield 'model = JointModel.load(Path("FOLDER"))'
    yield 'encoded = model.encode(["Title\\nAbstract"])  # encoded.vectors, encoded.impacts'
    yield 'counts = model.query_counts("a question")  # to be multiplied by the collection\'s IDF'
    yield "```"


def _origin(training: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## What it was made from", "")
    if training.get("base"):
        licence = training.get("licence") or "not stated"
        yield f"- Base: {training['base']}. Licence of the base, and of this model: {licence}."
    if training.get("teachers"):
        yield f"- Teachers, by their normalised scores: {', '.join(training['teachers'])}."
    if training.get("papers"):
        yield f"- Learned from {training['papers']:,} papers. A paper's title, its concluding sentence and"
        yield "  its keyphrases were queries for the rest of its abstract."
    if training.get("data"):
        yield from ("- The files they were drawn from:", "")
        rows = [(each["file"], f"{each['papers']:,}", each["sha256"]) for each in training["data"]]
        yield from _table(("file", "papers", "SHA-256"), rows)


def _recipe(training: Mapping[str, Any]) -> Iterator[str]:
    if not training.get("recipe"):
        return
    yield from ("", "## Recipe", "")
    known = {"layers trained": training.get("layers_trained", ""), **training["recipe"]}
    yield from _table(
        ("setting", "value"), [(name.replace("_", " "), str(value)) for name, value in known.items()]
    )


def _measured(training: Mapping[str, Any]) -> Iterator[str]:
    measured = training.get("measured")
    if not measured:
        return
    yield from ("", "## What it was measured to do", "")
    yield f"Titles of {measured['held-out papers']:,} papers that it did not learn from search among their"
    yield "abstracts for their own. That is easier than a real search; each side is alone here."
    yield ""
    rows = [
        (name, f"{values['ndcg']:.3f}", f"{values['mrr']:.3f}")
        for name, values in measured.items()
        if isinstance(values, dict)
    ]
    yield from _table(("", "nDCG@10", "MRR"), rows)


def _adapted(training: Mapping[str, Any]) -> Iterator[str]:
    adapted = training.get("adapted")
    if not adapted:
        return
    yield from ("", "## Adapted to a library", "")
    yield f"{adapted['concepts']:,} research terms of the library were added, which are matched and not"
    yield "predicted, and the weights below were chosen on pairs of titles and abstracts of the library. On"
    before, after = f"{adapted['before']:.4f}", f"{adapted['after']:.4f}"
    yield f"{adapted['queries']:,} other pairs nDCG@10 of the sparse side rose from {before} to {after}"
    yield f"(p {adapted['p']:.4f} by a paired bootstrap)."
    yield ""
    rows = [(name, f"{old:g}", f"{new:g}") for name, (old, new) in adapted["weights"].items()]
    yield from _table(("weight", "before", "after"), rows)


def _limits(manifest: Manifest) -> Iterator[str]:
    yield from ("", "## Limits", "")
    yield f"- It reads the first {manifest.max_length} word pieces of a text; words after those count on the"
    yield "  sparse side, but nothing is predicted from them."
    yield "- English only: words of other scripts have no sparse dimension."
    yield "- It learned from titles and abstracts, not from full texts, everyday questions or code."
    yield "- Its notions are those of its training papers; a field that they lack is left to the words."


def _files(folder: Path) -> Iterator[str]:
    yield from ("", "## Files", "")
    rows = [(name, f"{(folder / name).stat().st_size:,}") for name in sorted(FILES)]
    yield from _table(("file", "bytes"), rows)
    names = (folder / CONCEPTS_FILE).read_text(encoding="utf-8").count("\n")
    with (folder / MODEL_FILE).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    yield from ("", f"{names:,} research terms. SHA-256 of {MODEL_FILE}: `{digest}`")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
