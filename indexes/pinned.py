"""Encoders as the manifest pins them: known by name and hash at once, loaded only when they must encode."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from indexes.encoders import DenseEncoder, SparseEncoder, load_dense, load_sparse
from indexes.errors import EncoderError, IndexMismatchError
from indexes.manifest import Generation
from indexes.query_table import QueryTable, keep, kept
from indexes.types import LegName

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from indexes.joint import JointModel


class _Hashed(Protocol):
    @property
    def hash(self) -> str: ...


E = TypeVar("E", bound=_Hashed)


def encoder_hash(leg: LegName, spec: str) -> str:
    """The hash of an encoder that can be loaded; EncoderError when it can't."""
    if leg == "bm25":
        return ""
    return load_sparse(spec).hash if leg == "sparse" else load_dense(spec).hash


class _Pinned(Generic[E]):
    leg: LegName

    def __init__(self, generation: Generation) -> None:
        self.name = generation.encoder
        self.hash = generation.hash

    def load(self) -> None:
        """EncoderError or IndexMismatchError where the encoder is not there as it was."""
        _ = self._encoder

    @property
    def joint(self) -> "JointModel | None":
        """The model of which the encoder is one side, if it is."""
        found: JointModel | None = getattr(self._encoder, "joint", None)
        return found

    @cached_property
    def _encoder(self) -> E:
        try:
            encoder = self._by_name()
        except EncoderError as error:
            raise _not_loaded(self.leg, error) from error
        return _checked(self.leg, self.name, self.hash, encoder)

    def _by_name(self) -> E:
        raise NotImplementedError


class PinnedSparse(_Pinned[SparseEncoder]):
    """See :class:`indexes.encoders.SparseEncoder`. Of an inference-free model the query side is kept in the
    folder of encodings, and searches need no more than that."""

    leg = "sparse"

    def __init__(self, generation: Generation, encodings: Path | None = None) -> None:
        super().__init__(generation)
        self._encodings = encodings

    def load(self) -> None:
        if self._table is None:
            super().load()

    def _by_name(self) -> SparseEncoder:
        encoder = load_sparse(self.name)
        if self._encodings is not None:
            keep(encoder, self._encodings)
        return encoder

    @cached_property
    def _table(self) -> QueryTable | None:
        return kept(self._encodings, self.hash) if self._encodings is not None else None

    @property
    def cheap(self) -> bool:
        return self._table is None and self._encoder.cheap

    @property
    def idf_weighted(self) -> bool:
        return self._table is None and self._encoder.idf_weighted

    @property
    def ceiling(self) -> float:
        return self._encoder.ceiling if self._table is None else self._table.ceiling

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        return self._encoder.documents(texts)

    def query(self, text: str) -> Mapping[int, float]:
        return (self._table or self._encoder).query(text)

    def token(self, id: int) -> str:  # noqa: A002
        return (self._table or self._encoder).token(id)

    def spell(self, text: str) -> Mapping[int, str]:
        return (self._table or self._encoder).spell(text)


class PinnedDense(_Pinned[DenseEncoder]):
    """See :class:`indexes.encoders.DenseEncoder`."""

    leg = "dense"

    def _by_name(self) -> DenseEncoder:
        return load_dense(self.name)

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    def documents(self, texts: Sequence[str]) -> "NDArray[float32]":
        return self._encoder.documents(texts)

    def query(self, text: str) -> "NDArray[float32]":
        return self._encoder.query(text)


def _checked(leg: LegName, spec: str, pinned: str, encoder: E) -> E:
    if encoder.hash != pinned:
        raise IndexMismatchError(
            f"The {leg} index was built by another version of the encoder {spec} than the one there is now.",
            f"Run `litsearch index rebuild --leg {leg}` to build it again with this one.",
        )
    return encoder


def _not_loaded(leg: LegName, error: EncoderError) -> EncoderError:
    other = (
        f"Or use another encoder: `litsearch models use SPEC --leg {leg}`; or do without this leg: "
        f"`litsearch models use none --leg {leg}`."
    )
    return EncoderError(
        f"The encoder of the {leg} index can't be loaded: {error.message}", f"{error.hint} {other}".strip()
    )
