"""The dense leg: one vector a paper, found by their signs and ranked by 8 bits a dimension.

Coarse to fine without any graph to build: the Hamming distance of the signs to the query's picks candidates,
their rows decide (as binary passage retrieval does: Yamada et al., Efficient Passage Retrieval with Hashing
for Open-domain Question Answering, 2021). On 139k real vectors 4,000 candidates hold .995 of the exact best
100, in 2 ms on one core, all of it read from memory-mapped files.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy
from numpy import float32, int64, uint16, uint64
from numpy.typing import NDArray

from indexes.encoders import DenseEncoder
from indexes.encodings import Encodings
from indexes.errors import EncoderError, HintedError, IndexMismatchError
from indexes.types import Change, Coverage, Filters, LegName, MatchedTerm, Query, Scored
from indexes.vectors import KINDS, REBUILD, Manifest, Rows, Vectors, append, pack, signs, unpack

CANDIDATES = 4000  # rows whose values are read at least
CANDIDATE_SHARE = 64  # one row in so many, where that is more: .997 of the exact best 100 of a million
PER_HIT = 20  # candidates for each hit asked for, where that is more
BLOCK = 16_384  # rows whose signs are compared before the next: they stay in the cache, which halves the time
FEEDBACK_WEIGHT = 0.75  # of relevant papers against the query's 1.0: Rocchio on vectors (Li et al., Pseudo
# Relevance Feedback with Deep Language Models and Dense Retrievers, 2022)
DIGITS = 6

Resolve = Callable[[Filters], Collection[int] | None]


class DenseLeg:
    """See :class:`indexes.types.Leg`.

    ``resolve`` gives the ids that filters admit, or None where they admit all; the leg itself knows no
    metadata. Without an encoder it still serves ``Query.like`` alone. Searching and applying raise
    IndexMismatchError when another encoder built the files.
    """

    name: LegName = "dense"

    def __init__(
        self,
        folder: Path,
        encoder: DenseEncoder | None,
        *,
        encodings: Encodings | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self.folder = folder
        self.encoder = encoder
        self._encodings = encodings
        self._resolve = resolve
        self._vectors: Vectors | None = None
        self._stamp: tuple[int, int] | None = None
        self._encoded: tuple[str, NDArray[float32]] | None = None  # the last query's text and vector

    def coverage(self) -> Coverage:
        name = self.encoder.name if self.encoder is not None else ""
        try:
            vectors = self._open()
        except (HintedError, OSError) as error:
            return Coverage(self.name, present=False, encoder=name, note=str(error))
        if vectors is None:
            note = "nothing is indexed yet" if self.encoder is not None else "it has no encoder"
            return Coverage(self.name, present=False, encoder=name, note=note)
        manifest = vectors.manifest
        return Coverage(
            self.name,
            present=True,
            revision=manifest.revision,
            documents=vectors.documents,
            encoder=manifest.encoder,
            bytes=sum(manifest.length(kind) for kind in KINDS),
            note="" if self.encoder is not None else "its encoder is missing",
        )

    def apply(self, changes: Sequence[Change], revision: int) -> None:
        encoder = self._need_encoder()
        vectors = self._open()
        documents = [change.document for change in changes if change.document is not None]
        rows = self._encode([document.text for document in documents])
        manifest = vectors.manifest if vectors else Manifest(encoder.name, encoder.hash, encoder.dimensions)
        ids = [document.id for document in documents]
        append(self.folder, manifest, rows, ids, [change.id for change in changes], revision)

    def close(self) -> None:
        """Unmap the files."""
        self._vectors = self._stamp = None

    def search(self, query: Query, k: int) -> Sequence[Scored]:
        vectors = self._open()
        if vectors is None or not vectors.documents or k <= 0:
            return []
        vector = self._query_vector(query, vectors)
        if vector is None:
            return []
        admitted: Collection[int] | None = query.filters.ids
        if query.filters and self._resolve is not None:
            admitted = self._resolve(query.filters)
        rows = _candidates(vectors, vector, k, None if admitted is None else vectors.rows_of(admitted))
        scores = _scores(vectors.rows, rows, vector)
        order = numpy.lexsort((vectors.ids[rows], -scores))[:k]
        return list(zip(vectors.ids[rows[order]].tolist(), scores[order].tolist(), strict=True))

    def explain(self, query: Query, ids: Sequence[int]) -> Mapping[int, tuple[MatchedTerm, ...]]:  # noqa: ARG002
        """A vector has no terms to show."""
        return dict.fromkeys(ids, ())

    def covers(self, ids: Collection[int]) -> set[int]:
        vectors = self._open()
        return set(vectors.ids[vectors.rows_of(ids)].tolist()) if vectors is not None else set()

    def vectors(self, ids: Collection[int]) -> dict[int, NDArray[float32]]:
        """The vectors of those ids that are indexed, of about unit length."""
        vectors = self._open()
        if vectors is None:
            return {}
        rows = vectors.rows_of(ids)
        return dict(zip(vectors.ids[rows].tolist(), unpack(vectors.rows[rows]), strict=True))

    def _open(self) -> Vectors | None:
        """The files as last written; raises IndexMismatchError when another encoder wrote them."""
        try:
            status = (self.folder / "manifest.json").stat()
            stamp = (status.st_mtime_ns, status.st_ino)
        except (FileNotFoundError, NotADirectoryError):
            self.close()
            return None
        if self._vectors is None or stamp != self._stamp:
            self._vectors, self._stamp = Vectors.open(self.folder), stamp
        if self._vectors is not None and self.encoder is not None:
            built = self._vectors.manifest
            if built.hash != self.encoder.hash:
                raise IndexMismatchError(
                    f"The dense index was built by the encoder {built.encoder}, another than "
                    f"{self.encoder.name} is now.",
                    REBUILD,
                )
        return self._vectors

    def _need_encoder(self) -> DenseEncoder:
        if self.encoder is None:
            raise EncoderError("The dense leg has no encoder.", REBUILD)
        return self.encoder

    def _encode(self, texts: Sequence[str]) -> Rows:
        encoder = self._need_encoder()
        if self._encodings is not None:
            return self._encodings.dense(encoder, texts)
        return pack(encoder.documents(texts))

    def _query_vector(self, query: Query, vectors: Vectors) -> NDArray[float32] | None:
        """Of unit length; None for a query that says nothing."""
        vector = numpy.zeros(vectors.manifest.dimensions, dtype=numpy.float32)
        if query.text.strip():
            vector += self._text_vector(query.text)
        relevant = vectors.rows[vectors.rows_of(query.like)]
        if len(relevant):
            vector += FEEDBACK_WEIGHT * unpack(relevant).mean(axis=0)
        length = float(numpy.linalg.norm(vector))
        return vector / numpy.float32(length) if length else None

    def _text_vector(self, text: str) -> NDArray[float32]:
        """One search asks more than once: of its best, and of the papers that other legs found."""
        encoded = self._encoded
        if encoded is None or encoded[0] != text:
            encoded = self._encoded = text, self._need_encoder().query(text)
        return encoded[1]


def _candidates(
    vectors: Vectors, vector: NDArray[float32], k: int, admitted: NDArray[int64] | None
) -> NDArray[int64]:
    """The live, admitted rows nearest by their signs."""
    wanted = max(CANDIDATES, vectors.manifest.rows // CANDIDATE_SHARE, k * PER_HIT)
    if admitted is not None and len(admitted) <= wanted:
        return admitted
    distances = _distances(vectors.signs, signs(vector[None])[0])
    farthest = vectors.manifest.dimensions + 1
    if admitted is not None:
        within = numpy.full(vectors.manifest.rows, farthest, dtype=numpy.uint16)
        within[admitted] = distances[admitted]
        distances = within
    distances[vectors.dead] = farthest
    counts = numpy.cumsum(numpy.bincount(distances, minlength=farthest + 1))
    limit = min(int(numpy.searchsorted(counts, wanted)), farthest - 1)
    return numpy.flatnonzero(distances <= limit)


def _distances(signed: NDArray[uint64], own: NDArray[uint64]) -> NDArray[uint16]:
    """How many signs of each row differ from the query's."""
    distances = numpy.zeros(len(signed), dtype=numpy.uint16)
    for start in range(0, len(signed), BLOCK):
        block, counts = signed[start : start + BLOCK], distances[start : start + BLOCK]
        for word, bits in enumerate(own):  # 3 times quicker than to sum over the short axis
            counts += numpy.bitwise_count(block[:, word] ^ bits)
    return distances


def _scores(rows: Rows, numbers: NDArray[int64], vector: NDArray[float32]) -> NDArray[float32]:
    """Dot products of those rows with the query."""
    scores = numpy.empty(len(numbers), dtype=numpy.float32)
    for start in range(0, len(numbers), 512):
        some = rows[numbers[start : start + 512]]
        scores[start : start + 512] = (some["values"].astype(numpy.float32) @ vector) * some["scale"]
    return scores.round(DIGITS)
