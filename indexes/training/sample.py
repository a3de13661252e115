"""What a model reads of a sample of abstracts, kept so that other weights can be tried without it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from indexes.concepts import WORD_PIECES
from indexes.joint import HEAVIEST, JointModel, Reading
from indexes.training.known_items import inverse_frequencies, ndcg, ranks, weighted
from indexes.training.papers import TrainingPaper
from indexes.types import OnProgress, Progress

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

PREDICTED = 300  # heaviest logits kept of a text: more than any weights let into its impacts
CHUNK = 100  # texts read between two writes: what a kill can cost
NOTHING = -1  # the dimension that fills up a row


@dataclass(frozen=True, slots=True)
class Weights:
    """The scalars of a manifest that can be chosen for a library."""

    piece: float  # what a word piece has for standing in a text
    more: float  # and with the logarithm of its count
    concept: float  # what a concept has for it
    asked: float  # a concept's weight in a query


@dataclass(frozen=True, eq=False)
class Sample:
    """Titles that search among abstracts. Arrays have shape (texts, width): a row has the dimensions of a
    text, their logits, how often they stand in it (0 for those predicted only) and their weights there."""

    titles: Sequence[Mapping[int, float]]  # counts
    ids: "NDArray[Any]"
    logits: "NDArray[float32]"
    counts: "NDArray[float32]"
    own: "NDArray[float32]"

    @classmethod
    def read(
        cls, model: JointModel, papers: Sequence[TrainingPaper], folder: Path, on_progress: OnProgress
    ) -> "Sample":
        """Read the abstracts, those that an earlier run has read from its files in the folder. The model's
        concepts must weigh 1 in queries."""
        content = "\n".join([model.hash, *(paper.abstract for paper in papers)])
        folder = folder / hashlib.sha256(content.encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        chunks = []
        for start in range(0, len(papers), CHUNK):
            on_progress(Progress("reading abstracts", start, len(papers)))
            chunks.append(_kept(folder / f"{start:06d}.npz", model, papers[start : start + CHUNK]))
        titles = [model.query_counts(paper.title) for paper in papers]
        return cls(titles, *(_stacked([chunk[at] for chunk in chunks]) for at in range(4)))

    def gains(self, weights: Weights, limit: int, queries: "NDArray[Any]") -> "NDArray[Any]":
        """nDCG@10 of some titles, where no dimension from ``limit`` on is there. Shape (queries,)."""
        rows = self._rows(self.impacts(weights, limit))
        scores = numpy.zeros((len(queries), len(self.ids)), numpy.float32)
        for row, query in zip(scores, queries, strict=True):
            asked = {
                self._column[each]: weight * (weights.asked if each >= WORD_PIECES else 1.0)
                for each, weight in self._asked[query].items()
                if each < limit
            }
            if asked:
                row += numpy.fromiter(asked.values(), numpy.float32) @ rows[list(asked)]
        return ndcg(ranks(scores, queries))

    def impacts(self, weights: Weights, limit: int) -> "NDArray[float32]":
        """As the encoder would give them, shape (texts, width): 0 for what is not among the heaviest."""
        for_standing = numpy.where(self.ids >= WORD_PIECES, weights.concept, weights.piece)
        own = for_standing + weights.more * numpy.log1p(self.counts) + self.own
        logits = self.logits + own * (self.counts > 0)
        logits[(self.ids == NOTHING) | (self.ids >= limit)] = 0.0
        if logits.shape[1] > HEAVIEST:
            least = -numpy.partition(-logits, HEAVIEST - 1, axis=1)[:, HEAVIEST - 1 : HEAVIEST]
            logits[logits < least] = 0.0
        found: NDArray[float32] = numpy.log1p(numpy.maximum(logits, 0.0)).astype(numpy.float32)
        return found

    def _rows(self, impacts: "NDArray[float32]") -> "NDArray[float32]":
        """Impacts of the dimensions that titles ask for, shape (dimensions, texts)."""
        rows = numpy.zeros((len(self._column), len(self.ids)), numpy.float32)
        columns = self._lookup[self.ids]
        text, place = numpy.nonzero((columns >= 0) & (impacts > 0))
        rows[columns[text, place], text] = impacts[text, place]
        return rows

    @cached_property
    def _asked(self) -> list[Mapping[int, float]]:
        """Each title's dimensions with their IDF."""
        texts = [ids[counts > 0].tolist() for ids, counts in zip(self.ids, self.counts, strict=True)]
        return weighted(self.titles, inverse_frequencies([dict.fromkeys(text, 1) for text in texts]))

    @cached_property
    def _column(self) -> dict[int, int]:
        """The dimensions that titles ask for, numbered."""
        return {each: at for at, each in enumerate(sorted({each for title in self.titles for each in title}))}

    @cached_property
    def _lookup(self) -> "NDArray[Any]":
        """For each dimension its number, or -1; and -1 for what fills up rows, which is looked up last."""
        lookup = numpy.full(max(int(self.ids.max()), *self._column, 0) + 2, -1)
        lookup[list(self._column)] = list(self._column.values())
        return lookup


def _kept(file: Path, model: JointModel, papers: Sequence[TrainingPaper]) -> "list[NDArray[Any]]":
    """What the model reads of some abstracts, from the file or else into it."""
    if not file.exists():
        texts = [paper.abstract for paper in papers]
        rows = [_row(each) for each in sorted(model.read(texts), key=lambda each: each.text)]
        scratch = file.with_suffix(".part")
        with scratch.open("wb") as stream:
            numpy.savez(stream, *(_padded([row[at] for row in rows]) for at in range(4)))
        scratch.replace(file)
    with numpy.load(file) as arrays:
        return [arrays[name] for name in sorted(arrays.files)]


def _row(reading: Reading) -> "tuple[NDArray[Any], ...]":
    """One text as the four arrays of a sample have it."""
    predicted = numpy.argpartition(-reading.logits, PREDICTED)[:PREDICTED]
    words = numpy.array(list(reading.words), numpy.int64)
    ids = numpy.concatenate([words, numpy.setdiff1d(predicted, words)])
    own = numpy.zeros((2, len(ids)), numpy.float32)
    own[:, : len(words)] = numpy.array(list(reading.words.values()), numpy.float32).reshape(-1, 2).T
    return ids.astype(numpy.int32), reading.logits[ids], *own


def _padded(rows: "Sequence[NDArray[Any]]") -> "NDArray[Any]":
    """Rows of ids are filled up with NOTHING, and others, which are floats, with 0."""
    fill = NOTHING if rows[0].dtype.kind == "i" else 0
    table = numpy.full((len(rows), max(map(len, rows))), fill, rows[0].dtype)
    for at, row in enumerate(rows):
        table[at, : len(row)] = row
    return table


def _stacked(tables: "Sequence[NDArray[Any]]") -> "NDArray[Any]":
    return _padded([row for table in tables for row in table])
