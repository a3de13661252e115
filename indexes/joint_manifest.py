"""What the folder of a joint encoder says of itself; see :mod:`indexes.joint`."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import log1p
from pathlib import Path

from indexes.concepts import WORD_PIECES
from indexes.errors import EncoderError
from indexes.onnx import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE

FORMAT = 2
CONCEPTS_FILE = "concepts.txt"
TRAINING_FILE = "training.json"  # how it was made, for its card
FILES = (MANIFEST_FILE, TOKENIZER_FILE, CONCEPTS_FILE, MODEL_FILE)
MISMATCH_HINT = "Name a folder that `litsearch models train` wrote, or another encoder."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``encoder.json`` says.

    ``lexical`` are what a word piece has for standing in the text, what it has more with the logarithm of its
    count, and what a concept has; ``concept_weight`` is a concept's in a query; ``unread`` is the weight of
    words past what the graph reads, the median of those that it reads. ``hash`` is of all the files: it names
    the encodings that were made, and is taken as written, since 40 MB take long to hash at a start.
    """

    format: int
    kind: str
    name: str
    dimensions: int
    max_length: int
    ceiling: float
    lexical: tuple[float, float, float]
    concept_weight: float
    unread: float = 0.0
    hash: str = ""

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """EncoderError when a file of the folder is missing or it is no such encoder."""
        for file in FILES:
            if not (folder / file).is_file():
                raise EncoderError(f"{folder} is no encoder: it has no {file}.", MISMATCH_HINT)
        try:
            values = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
            values["lexical"] = tuple(values["lexical"])
            manifest = cls(**values)
            if (manifest.format, manifest.kind) != (FORMAT, "joint"):
                raise ValueError(f"format {manifest.format}, kind {manifest.kind}")
            if not manifest.hash:
                raise ValueError("it has no hash")
        except (ValueError, KeyError, TypeError) as error:
            raise EncoderError(f"{folder / MANIFEST_FILE} can't be read: {error}", MISMATCH_HINT) from error
        return manifest

    def own(self, words: Mapping[int, tuple[int, float]]) -> dict[int, float]:
        """What dimensions have for standing in a text, from how often each does and its weight there."""
        first, more, concept = self.lexical
        return {
            each: (first if each < WORD_PIECES else concept) + more * log1p(count) + weight
            for each, (count, weight) in words.items()
        }

    def write(self, folder: Path) -> None:
        """Write it beside the other files, with the hash of what they are now."""
        digest = hashlib.sha256(json.dumps(asdict(replace(self, hash=""))).encode())
        for name in FILES[1:]:
            with (folder / name).open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        content = asdict(replace(self, hash=digest.hexdigest()[:32]))
        (folder / MANIFEST_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def move(folder: Path, out: Path) -> None:
    """Put all files of a finished encoder where ``out`` is. The manifest that is there goes first and the new
    one comes last, so that what is cut short is no encoder, rather than a mixture of two."""
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST_FILE).unlink(missing_ok=True)
    files = sorted(folder.iterdir(), key=lambda file: file.name == MANIFEST_FILE)
    for file in files:
        shutil.move(file, out / file.name)
    folder.rmdir()
