"""The encoder that gives both vectors of a document in one pass, as litsearch ships it.

A folder with ``model.onnx``, ``tokenizer.json``, ``concepts.txt`` and ``encoder.json``. The graph maps ids
and mask to a logit for every dimension (what the text is about), a weight for every token (how much this
occurrence counts), and the dense vector. What depends on the words themselves is added here, where the whole
text is known and not only what the graph reads of it. Queries of the sparse side are counts: they need the
tokenizer and the concepts, not the graph.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from math import inf, log1p
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from indexes.concepts import WORD_PIECES, Concepts
from indexes.errors import EncoderError
from indexes.onnx import (
    BATCH_TOKENS,
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    open_session,
    spelling,
)
from indexes.pieces import is_content

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

FORMAT = 2
CONCEPTS_FILE = "concepts.txt"
FILES = (MANIFEST_FILE, TOKENIZER_FILE, CONCEPTS_FILE, MODEL_FILE)
HEAVIEST = 100  # impacts kept of a document
WINDOW = 16  # the graph wants lengths that are multiples of it
MISMATCH_HINT = "Name a folder that `litsearch models train` wrote, or another encoder."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``encoder.json`` says.

    ``lexical`` are what a word piece has for standing in the text, what it has more with the logarithm of its
    count, and what a concept has; ``concept_weight`` is a concept's in a query. ``hash`` is of all the files:
    it names the encodings that were made, and is taken as written, since 40 MB take long to hash at each start.
    """

    format: int
    kind: str
    name: str
    dimensions: int
    max_length: int
    ceiling: float
    lexical: tuple[float, float, float]
    concept_weight: float
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

    def write(self, folder: Path) -> None:
        """Write it beside the other files, with the hash of what they are now."""
        digest = hashlib.sha256(json.dumps(asdict(replace(self, hash=""))).encode())
        for name in FILES[1:]:
            with (folder / name).open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        content = asdict(replace(self, hash=digest.hexdigest()[:32]))
        (folder / MANIFEST_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Encoded:
    """Both vectors of some texts: shape (texts, dimensions), and for each text dimension to impact."""

    vectors: "NDArray[float32]"
    impacts: Sequence[Mapping[int, float]]


@dataclass(eq=False)
class JointModel:
    """The model of a folder; each part is loaded when first needed."""

    folder: Path
    manifest: Manifest

    @property
    def hash(self) -> str:
        return self.manifest.hash

    @classmethod
    def load(cls, folder: Path) -> "JointModel":
        """The model of that folder, the same object for both legs; EncoderError where it is none."""
        return _loaded(folder, Manifest.read(folder))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Both vectors of documents, in one pass."""
        import numpy

        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        vectors = numpy.zeros((len(texts), self.manifest.dimensions), numpy.float32)
        impacts: list[Mapping[int, float]] = [{} for _ in texts]
        for members, (logits, weights, dense) in self._run([self._cut(each) for each in ids]):
            vectors[members] = dense
            for place, text in enumerate(members):
                own = self._own(texts[text], ids[text], weights[place])
                impacts[text] = _heaviest(logits[place], own)
        return Encoded(vectors, impacts)

    def query_counts(self, text: str) -> dict[int, float]:
        """Dimension to weight before any IDF."""
        counts: dict[int, float] = {}
        for piece in self.tokenizer.encode(text, add_special_tokens=False).ids:
            if is_content(self.tokenizer.id_to_token(piece)):
                counts[piece] = counts.get(piece, 0.0) + 1.0
        for concept, count in self.concepts.find(text).items():
            counts[concept] = self.manifest.concept_weight * count
        return counts

    def token(self, dimension: int) -> str:
        """The phrase of a concept, or a word piece."""
        if dimension >= WORD_PIECES:
            return self.concepts.name(dimension)
        return str(self.tokenizer.id_to_token(dimension))

    @cached_property
    def tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER_FILE))
        except Exception as error:  # the library raises Exception itself
            raise EncoderError(
                f"The tokenizer in {self.folder} can't be read: {error}", MISMATCH_HINT
            ) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def concepts(self) -> Concepts:
        return Concepts.read(self.folder / CONCEPTS_FILE)

    @cached_property
    def _session(self) -> Any:
        return open_session(self.folder / MODEL_FILE)

    @cached_property
    def _content(self) -> "NDArray[Any]":
        """For each word piece whether it is a dimension."""
        import numpy

        pieces = map(self.tokenizer.id_to_token, range(WORD_PIECES))
        return numpy.array([is_content(piece) for piece in pieces])

    def _cut(self, ids: Sequence[int]) -> Sequence[int]:
        longest = self.manifest.max_length
        return ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]

    def _run(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], list[Any]]]:
        """For each batch, of rows alike in length: which rows, and the graph's outputs."""
        import numpy

        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        while order:
            width = -(-len(rows[order[-1]]) // WINDOW) * WINDOW
            members = order[-max(1, BATCH_TOKENS // width) :]
            del order[-len(members) :]
            ids = numpy.zeros((len(members), width), dtype=numpy.int64)
            mask = numpy.zeros_like(ids)
            for place, row in enumerate(members):
                ids[place, : len(rows[row])] = rows[row]
                mask[place, : len(rows[row])] = 1
            yield members, self._session.run(None, {"ids": ids, "mask": mask})

    def _own(self, text: str, ids: Sequence[int], weights: "NDArray[float32]") -> dict[int, float]:
        """What each dimension has for standing in the text; ``weights`` are of the tokens that were read."""
        read = self._cut(ids)
        heaviest: dict[int, float] = {}
        for piece, weight in zip(read, weights.tolist(), strict=False):
            if weight > heaviest.get(piece, -inf):
                heaviest[piece] = weight
        first, more, concept = self.manifest.lexical
        own = {
            piece: first + more * log1p(count) + heaviest.get(piece, 0.0)
            for piece, count in Counter(ids).items()
            if self._content[piece]
        }
        for phrase, count in self.concepts.find(text).items():
            own[phrase] = concept + more * log1p(count)
        return own


@dataclass(eq=False)
class JointSparse:
    """The sparse side. See :class:`indexes.encoders.SparseEncoder`."""

    joint: JointModel
    name: str
    cheap: bool = False
    idf_weighted: bool = True

    @property
    def hash(self) -> str:
        return f"{self.joint.hash}-sparse"

    @property
    def ceiling(self) -> float:
        return self.joint.manifest.ceiling

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        return self.joint.encode(texts).impacts

    def query(self, text: str) -> Mapping[int, float]:
        return self.joint.query_counts(text)

    def token(self, id: int) -> str:  # noqa: A002
        return self.joint.token(id)

    def spell(self, text: str) -> Mapping[int, str]:
        words = dict(spelling(self.joint.tokenizer, text))
        return words | {each: self.joint.token(each) for each in self.joint.concepts.find(text)}


@dataclass(eq=False)
class JointDense:
    """The dense side. See :class:`indexes.encoders.DenseEncoder`."""

    joint: JointModel
    name: str

    @property
    def hash(self) -> str:
        return f"{self.joint.hash}-dense"

    @property
    def dimensions(self) -> int:
        return self.joint.manifest.dimensions

    def documents(self, texts: Sequence[str]) -> "NDArray[float32]":
        return self.joint.encode(texts).vectors

    def query(self, text: str) -> "NDArray[float32]":
        return cast("NDArray[float32]", self.joint.encode([text]).vectors[0])


def is_joint(folder: Path) -> bool:
    """Whether a folder's manifest says that it holds such a model."""
    try:
        return bool(json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))["kind"] == "joint")
    except (OSError, ValueError, KeyError, TypeError):
        return False


@lru_cache(maxsize=2)
def _loaded(folder: Path, manifest: Manifest) -> JointModel:
    return JointModel(folder, manifest)


def _heaviest(logits: "NDArray[float32]", own: Mapping[int, float]) -> dict[int, float]:
    """Logits of one text and what its own words add, as its heaviest impacts."""
    import numpy

    if own:
        places = numpy.fromiter(own, dtype=numpy.int64, count=len(own))
        logits[places] += numpy.fromiter(own.values(), dtype=numpy.float32, count=len(own))
    kept = numpy.argpartition(-logits, HEAVIEST)[:HEAVIEST]
    kept = kept[logits[kept] > 0]
    return dict(zip(kept.tolist(), numpy.log1p(logits[kept]).tolist(), strict=True))
