"""Text to sparse and dense vectors: the two protocols, and how an encoder is named and loaded.

A spec is ``shipped`` (litsearch's own, both sides of one model), ``wordpieces`` (sparse, without a model),
``onnx:FOLDER`` (an exported or trained model) or ``st:NAME-OR-PATH`` (a SentenceTransformer or SparseEncoder,
through the extra ``models``).
"""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from indexes.errors import EncoderError

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from indexes.joint import JointModel

SHIPPED = "shipped"
NO_ENCODER = "none"  # the spec that drops a leg
PLAIN = "wordpieces"  # sparse without a model: for where there is no time to encode
# A table learned from the shipped model, of what each word weighs and which others it brings along, was tried
# for that too: nDCG@10 with BM25 over four collections .482, with word pieces .477, BM25 alone .477, with the
# model .498, no difference of the first three beyond chance. What a word weighs is a matter of its context.


class SparseEncoder(Protocol):
    """Text to weighted tokens. A score is the dot product of a query's and a document's weights.

    ``hash`` changes whenever the same text could be encoded otherwise. ``cheap`` means that encoding
    again costs less than looking a stored encoding up. ``idf_weighted`` means that query weights are
    to be multiplied by the collection's own inverse document frequency. ``ceiling`` is about the heaviest
    impact that documents have: the scale on which impacts are stored.
    """

    @property
    def name(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def cheap(self) -> bool: ...
    @property
    def idf_weighted(self) -> bool: ...
    @property
    def ceiling(self) -> float: ...

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        """For each text token id to impact, the heaviest only. Impacts are positive."""

    def query(self, text: str) -> Mapping[int, float]:
        """Token id to weight, before any IDF."""

    def token(self, id: int) -> str:  # noqa: A002
        """The token as people know it; a wordpiece that continues a word starts with ``##``."""

    def spell(self, text: str) -> Mapping[int, str]:
        """Token id to the whole word of the text that it is a piece of, so that explanations name words."""


class DenseEncoder(Protocol):
    """Text to vectors of unit length, compared by their dot product."""

    @property
    def name(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def dimensions(self) -> int: ...

    def documents(self, texts: Sequence[str]) -> "NDArray[float32]":
        """Shape (texts, dimensions), rows of unit length."""

    def query(self, text: str) -> "NDArray[float32]":
        """Shape (dimensions,), unit length."""


def heaviest(impacts: Mapping[int, float], count: int = 100) -> Mapping[int, float]:
    """The heaviest impacts; pruning learned vectors of 350 to 100 cost nothing on four collections."""
    if len(impacts) <= count:
        return impacts
    return dict(nlargest(count, impacts.items(), key=lambda item: (item[1], -item[0])))


def load_sparse(spec: str) -> SparseEncoder:
    """The sparse encoder of that spec; EncoderError when it can't be loaded."""
    kind, _, name = spec.partition(":")
    if spec == PLAIN:
        from indexes.wordpieces import WordPieces

        return WordPieces()
    if (joint := _joint(spec)) is not None:
        from indexes.joint import JointSparse

        return JointSparse(joint, spec)
    if kind == "onnx" and name:
        from indexes.onnx import OnnxSparse

        return OnnxSparse.load(name)
    if kind == "st" and name:
        from indexes.sentence_transformer import SparseModel

        return SparseModel.load(name)
    raise _unknown(spec, f"{SHIPPED}, {PLAIN}, onnx:FOLDER or st:NAME-OR-PATH")


def load_dense(spec: str) -> DenseEncoder:
    """The dense encoder of that spec; EncoderError when it can't be loaded."""
    kind, _, name = spec.partition(":")
    if (joint := _joint(spec)) is not None:
        from indexes.joint import JointDense

        return JointDense(joint, spec)
    if kind == "onnx" and name:
        from indexes.onnx import OnnxDense

        return OnnxDense.load(name)
    if kind == "st" and name:
        from indexes.sentence_transformer import DenseModel

        return DenseModel.load(name)
    raise _unknown(spec, f"{SHIPPED}, onnx:FOLDER or st:NAME-OR-PATH")


def shipped_folder() -> Path:
    """Where the encoder lies that litsearch ships."""
    return Path(str(files("indexes") / "model"))


def _joint(spec: str) -> "JointModel | None":
    """The joint model of that spec, one for both legs; None where it names another kind of encoder."""
    from indexes.joint import JointModel, is_joint

    folder = shipped_folder() if spec == SHIPPED else None
    if spec.startswith("onnx:"):
        named = Path(spec.removeprefix("onnx:")).expanduser()
        folder = named if is_joint(named) else None
    return JointModel.load(folder) if folder is not None else None


def _unknown(spec: str, known: str) -> EncoderError:
    return EncoderError(f"There is no encoder “{spec}” for this leg.", f"Name one of: {known}.")
