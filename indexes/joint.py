"""The encoder that gives both vectors of a document in one pass, as litsearch ships it.

A folder with ``model.onnx``, ``tokenizer.json``, ``concepts.txt`` and ``encoder.json``. The graph maps ids
and mask to a logit for every dimension (what the text is about), a weight for every token (how much this
occurrence counts), and the dense vector. What depends on the words themselves is added here, where the whole
text is known and not only what the graph reads of it. Queries of the sparse side are counts: they need the
tokenizer and the concepts, not the graph.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from indexes.concepts import WORD_PIECES, Concepts
from indexes.errors import EncoderError
from indexes.joint_manifest import CONCEPTS_FILE, MISMATCH_HINT, Manifest
from indexes.onnx import (
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    batches,
    open_session,
    spelling,
)
from indexes.pieces import is_content

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

HEAVIEST = 100  # impacts kept of a document
WINDOW = 16  # the graph wants lengths that are multiples of it


@dataclass(frozen=True, slots=True)
class Encoded:
    """Both vectors of some texts: shape (texts, dimensions), and for each text dimension to impact."""

    vectors: "NDArray[float32]"
    impacts: Sequence[Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one of some texts: a logit for every dimension, the dense vector, and for each
    dimension that stands in the text how often, and what the graph says of its weight there."""

    text: int
    logits: "NDArray[float32]"
    vector: "NDArray[float32]"
    words: Mapping[int, tuple[int, float]]


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

        vectors = numpy.zeros((len(texts), self.manifest.dimensions), numpy.float32)
        impacts: list[Mapping[int, float]] = [{} for _ in texts]
        for each in self.read(texts):
            vectors[each.text] = each.vector
            impacts[each.text] = _heaviest(each.logits, self.manifest.own(each.words))
        return Encoded(vectors, impacts)

    def vector(self, text: str) -> "NDArray[float32]":
        """The dense vector alone, shape (dimensions,), which leaves out what is done for the sparse side."""
        [(_, [vectors])] = self._run([self._cut(self.tokenizer.encode(text).ids)], ["vectors"])
        return cast("NDArray[float32]", vectors[0])

    def read(self, texts: Sequence[str]) -> Iterator[Reading]:
        """Each text in some order. A concept that the graph does not know has the logit 0: a list may be
        longer than the graph is wide, and then its last concepts are only matched."""
        import numpy

        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        dimensions = WORD_PIECES + len(self.concepts.names)
        for members, (logits, weights, vectors) in self._run([self._cut(each) for each in ids]):
            if logits.shape[1] < dimensions:
                logits = numpy.pad(logits, ((0, 0), (0, dimensions - logits.shape[1])))
            for place, text in enumerate(members):
                words = self._words(texts[text], ids[text], weights[place])
                yield Reading(text, logits[place], vectors[place], words)

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

    def _run(
        self, rows: Sequence[Sequence[int]], outputs: Sequence[str] | None = None
    ) -> Iterator[tuple[list[int], list[Any]]]:
        """For each batch, of rows alike in length: which rows, and the graph's outputs (those named)."""
        for members, ids, mask in batches(rows, WINDOW):
            yield members, self._session.run(outputs, {"ids": ids, "mask": mask})

    def _words(
        self, text: str, ids: Sequence[int], weights: "NDArray[float32]"
    ) -> dict[int, tuple[int, float]]:
        """As ``Reading.words``; ``weights`` are of the tokens that were read."""
        heaviest: dict[int, float] = {}
        for piece, weight in zip(self._cut(ids), weights.tolist(), strict=False):
            if weight > heaviest.get(piece, -inf):
                heaviest[piece] = weight
        words = {
            piece: (count, heaviest.get(piece, self.manifest.unread))
            for piece, count in Counter(ids).items()
            if self._content[piece]
        }
        return words | {each: (count, 0.0) for each, count in self.concepts.find(text).items()}


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
        return self.joint.vector(text)


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
