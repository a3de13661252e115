"""Batches for training: which papers, which of their queries, and all that a step needs of them as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from indexes.concepts import WORD_PIECES, Concepts
from indexes.training.papers import TrainingPaper
from indexes.training.states import SHARD, Shard

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

K1, B = 1.2, 0.75  # of the lexical teacher, BM25
# How often a title, a conclusion, keyphrases are the query, as far as a paper has them.
KINDS = (0.45, 0.3, 0.25)
CLUSTER = 200  # papers that are near each other, on average
FROM_CLUSTER = 32  # of them in a hard batch


@dataclass(frozen=True, slots=True)
class Row:
    """One text: its tokens and states, how often each dimension stands in it, and the teachers' vectors."""

    ids: "NDArray[Any]"
    states: "NDArray[Any]"
    counts: Mapping[int, int]
    teachers: "NDArray[Any]"  # (teachers, dimensions)


@dataclass(frozen=True, slots=True)
class Batch:
    """Row i of the queries belongs to row i of the documents.

    ``dimensions`` are the ids that the step scores: first the ``used`` ones, which some query has, then a
    random sample of the others. ``asked`` has shape (queries, used): counts times IDF; ``counts`` (documents,
    dimensions). ``teacher`` (queries, documents): scores of the ensemble, ``dense_teacher`` without BM25.
    """

    documents: Sequence[Row]
    queries: Sequence[Row]
    dimensions: "NDArray[Any]"
    used: int
    asked: "NDArray[float32]"
    counts: "NDArray[float32]"
    teacher: "NDArray[float32]"
    dense_teacher: "NDArray[float32]"


class Examples:
    """The training texts of a folder of states. ``content`` says for each dimension whether it is one."""

    def __init__(
        self,
        papers: Sequence[TrainingPaper],
        folder: Path,
        numbers: Sequence[int],
        concepts: Concepts,
        content: "NDArray[Any]",
        lexical_share: float,
        concept_weight: float,
    ) -> None:
        self._shards = [Shard.load(folder, number) for number in numbers]
        self._papers = [papers[n * SHARD : (n + 1) * SHARD] for n in numbers]
        self._concepts = concepts
        self.content = content
        self._lexical_share = lexical_share
        self._concept_weight = concept_weight
        self.places = [
            (shard, paper) for shard, some in enumerate(self._papers) for paper in range(len(some))
        ]
        self._first = [_first_text(shard) for shard in self._shards]
        self._counts: dict[tuple[int, int], Mapping[int, int]] = {}
        self.idf = self._idf()

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def clusters(self) -> "list[NDArray[Any]]":
        """Papers that the teachers find alike, as places: batches of these are hard."""
        from sklearn.cluster import MiniBatchKMeans

        vectors = numpy.concatenate(
            [
                shard.teachers[:, first[:-1]].transpose(1, 0, 2).reshape(len(first) - 1, -1).astype("f4")
                for shard, first in zip(self._shards, self._first, strict=True)
            ]
        )
        count = max(2, len(self) // CLUSTER)
        found = MiniBatchKMeans(count, random_state=0, batch_size=4096, n_init=1).fit_predict(vectors)
        members = [numpy.flatnonzero(found == cluster) for cluster in range(count)]
        return [each for each in members if len(each) >= FROM_CLUSTER]

    def batch(self, random: numpy.random.Generator, size: int, sample: int, *, hard: bool) -> Batch:
        chosen = self._draw(random, size, hard=hard)
        documents = [self.row(*self._text(place, 0)) for place in chosen]
        queries = [self.row(*self._text(place, self._kind(random, place))) for place in chosen]
        dimensions, used = self._dimensions(random, queries, sample)
        column = numpy.full(len(self.idf), -1)
        column[dimensions] = numpy.arange(len(dimensions))
        asked = _counted(queries, column, len(dimensions))[:, :used]
        counts = _counted(documents, column, len(dimensions))
        weighted = asked * self._weights[dimensions[:used]]
        dense = _ensemble(queries, documents)
        lexical = minmax(weighted @ _saturated(counts[:, :used], documents).T)
        teacher = (1 - self._lexical_share) * dense + self._lexical_share * lexical
        return Batch(
            documents,
            queries,
            dimensions,
            used,
            weighted.astype(numpy.float32),
            counts,
            teacher.astype(numpy.float32),
            dense.astype(numpy.float32),
        )

    def row(self, shard: int, text: int) -> Row:
        part = self._shards[shard]
        span = slice(int(part.starts[text]), int(part.starts[text + 1]))
        return Row(
            part.ids[span].astype(numpy.int64),
            part.states[span],
            self._counts_of(shard, text),
            part.teachers[:, text].astype(numpy.float32),
        )

    def _draw(self, random: numpy.random.Generator, size: int, *, hard: bool) -> "NDArray[Any]":
        if not hard or len(self.clusters) < size // FROM_CLUSTER:
            return random.choice(len(self), min(size, len(self)), replace=False)
        picked = random.choice(len(self.clusters), size // FROM_CLUSTER, replace=False)
        return numpy.concatenate(
            [random.choice(self.clusters[each], FROM_CLUSTER, replace=False) for each in picked]
        )

    def _text(self, place: int, at: int) -> tuple[int, int]:
        """Shard and number of a paper's document (0) or of one of its queries (1 on)."""
        shard, paper = self.places[place]
        return shard, int(self._first[shard][paper]) + at

    def _kind(self, random: numpy.random.Generator, place: int) -> int:
        shard, number = self.places[place]
        paper = self._papers[shard][number]
        count = len(paper.queries)
        shares = [KINDS[0], KINDS[1] if paper.conclusion else KINDS[2], KINDS[2]][:count]
        return 1 + int(random.choice(count, p=numpy.array(shares) / sum(shares)))

    def _dimensions(
        self, random: numpy.random.Generator, queries: Sequence[Row], sample: int
    ) -> "tuple[NDArray[Any], int]":
        union = numpy.unique(numpy.concatenate([list(query.counts) or [0] for query in queries]))
        drawn = random.choice(numpy.flatnonzero(self.content), sample, replace=False)
        return numpy.concatenate([union, numpy.setdiff1d(drawn, union)]), len(union)

    def _counts_of(self, shard: int, text: int) -> Mapping[int, int]:
        """How often each content piece that was read, and each concept of the whole text, stands in it."""
        known = self._counts.get((shard, text))
        if known is None:
            part = self._shards[shard]
            ids = part.ids[int(part.starts[text]) : int(part.starts[text + 1])]
            values, counts = numpy.unique(ids[self.content[ids]], return_counts=True)
            known = dict(zip(values.tolist(), counts.tolist(), strict=True))
            known.update(self._concepts.find(self._string(shard, text)))
            self._counts[shard, text] = known
        return known

    def _string(self, shard: int, text: int) -> str:
        owner = int(self._shards[shard].owner[text])
        at = text - int(self._first[shard][owner])
        paper = self._papers[shard][owner]
        return paper.document if at == 0 else paper.queries[at - 1]

    def _idf(self) -> "NDArray[float32]":
        frequency = numpy.zeros(len(self.content))
        for place in range(len(self)):
            frequency[list(self._counts_of(*self._text(place, 0)))] += 1
        count = len(self)
        idf: NDArray[Any] = numpy.log(1 + (count - frequency + 0.5) / (frequency + 0.5)) * self.content
        return idf.astype(numpy.float32)

    @cached_property
    def _weights(self) -> "NDArray[float32]":
        weights = self.idf.copy()
        weights[WORD_PIECES:] *= self._concept_weight
        return weights


def minmax(scores: "NDArray[Any]") -> "NDArray[Any]":
    """Each row from 0 to 1."""
    low, high = scores.min(1, keepdims=True), scores.max(1, keepdims=True)
    normalised: NDArray[Any] = (scores - low) / (high - low + 1e-9)
    return normalised


def _ensemble(queries: Sequence[Row], documents: Sequence[Row]) -> "NDArray[Any]":
    """The mean of the dense teachers' normalised scores, shape (queries, documents)."""
    asked = numpy.stack([query.teachers for query in queries], 1)
    found = numpy.stack([document.teachers for document in documents], 1)
    scores: NDArray[Any] = numpy.mean([minmax(q @ d.T) for q, d in zip(asked, found, strict=True)], axis=0)
    return scores


def _counted(rows: Sequence[Row], column: "NDArray[Any]", width: int) -> "NDArray[float32]":
    counts = numpy.zeros((len(rows), width), numpy.float32)
    for at, row in enumerate(rows):
        places = column[list(row.counts)] if row.counts else numpy.zeros(0, int)
        there = places >= 0
        counts[at, places[there]] = numpy.fromiter(row.counts.values(), float)[there]
    return counts


def _saturated(counts: "NDArray[Any]", documents: Sequence[Row]) -> "NDArray[Any]":
    lengths = numpy.array([[len(document.ids)] for document in documents])
    saturated: NDArray[Any] = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / lengths.mean()))
    return saturated


def _first_text(shard: Shard) -> "NDArray[Any]":
    """Where each paper's texts begin, and where the last one's end."""
    return numpy.append(numpy.flatnonzero(~shard.asked), len(shard.asked))
