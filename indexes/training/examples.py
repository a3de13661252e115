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
FROM_CLUSTER = 16  # of them in a hard batch
STRANGERS = 16  # of them whose queries alone are in it
SPREAD = 1500  # papers that tell how a teacher's scores are spread


@dataclass(frozen=True, slots=True)
class Row:
    """One text: its tokens and states, how often each dimension stands in it, and the teachers' vectors."""

    ids: "NDArray[Any]"
    states: "NDArray[Any]"
    counts: Mapping[int, int]
    teachers: "NDArray[Any]"  # (teachers, dimensions)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents, all their queries, and in a hard batch queries of papers that are like them.

    ``owner`` says which document a query belongs to, -1 where it is not among them; ``read`` which query of
    each document the network reads too. ``dimensions`` are the ids that the step scores: first the ``used``
    ones, which some query has, then a random sample of the others. ``asked`` has shape (queries, used):
    counts times IDF; ``counts`` (documents, dimensions).

    Of shape (queries, documents) are the teachers' scores: ``dense`` and ``lexical`` from 0 to 1 in each row,
    and ``related`` in standard deviations from the scores of papers that have nothing to do with each other.
    """

    documents: Sequence[Row]
    queries: Sequence[Row]
    owner: "NDArray[Any]"
    read: "NDArray[Any]"
    dimensions: "NDArray[Any]"
    used: int
    asked: "NDArray[float32]"
    counts: "NDArray[float32]"
    dense: "NDArray[float32]"
    lexical: "NDArray[float32]"
    related: "NDArray[float32]"


class Examples:
    """The training texts of a folder of states. ``content`` says for each dimension whether it is one."""

    def __init__(
        self,
        papers: Sequence[TrainingPaper],
        folder: Path,
        numbers: Sequence[int],
        concepts: Concepts,
        content: "NDArray[Any]",
        concept_weight: float,
    ) -> None:
        self._shards = [Shard.load(folder, number) for number in numbers]
        self._papers = [papers[n * SHARD : (n + 1) * SHARD] for n in numbers]
        self._concepts = concepts
        self.content = content
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
        chosen, strangers = self._draw(random, size, hard=hard)
        documents = [self.row(*self._text(place, 0)) for place in chosen]
        asking = [(row, place, kind) for row, place in enumerate(chosen) for kind in self._kinds(place)]
        asking += [(-1, place, self._kind(random, place)) for place in strangers]
        queries = [self.row(*self._text(place, kind)) for _, place, kind in asking]
        owner = numpy.array([row for row, _, _ in asking])
        number = {(row, kind): at for at, (row, _, kind) in enumerate(asking)}
        read = [number[row, self._kind(random, place)] for row, place in enumerate(chosen)]
        dimensions, used = self._dimensions(random, queries, sample)
        column = numpy.full(len(self.idf), -1)
        column[dimensions] = numpy.arange(len(dimensions))
        counts = _counted(documents, column, len(dimensions))
        asked = _counted(queries, column, len(dimensions))[:, :used] * self._weights[dimensions[:used]]
        scores = _scores(queries, documents)
        return Batch(
            documents,
            queries,
            owner,
            numpy.array(read),
            dimensions,
            used,
            asked.astype(numpy.float32),
            counts,
            numpy.mean([minmax(each) for each in scores], axis=0).astype(numpy.float32),
            minmax(asked @ _saturated(counts[:, :used], documents).T).astype(numpy.float32),
            numpy.mean([(each - m) / s for each, (m, s) in zip(scores, self._spread, strict=True)], axis=0),
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

    def _draw(
        self, random: numpy.random.Generator, size: int, *, hard: bool
    ) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Places of documents, and of other papers like them whose queries alone are wanted."""
        if not hard or len(self.clusters) < size // FROM_CLUSTER:
            return random.choice(len(self), min(size, len(self)), replace=False), numpy.zeros(0, int)
        picked = random.choice(len(self.clusters), size // FROM_CLUSTER, replace=False)
        mixed = [random.permutation(self.clusters[each]) for each in picked]
        strangers = [each[FROM_CLUSTER : FROM_CLUSTER + STRANGERS] for each in mixed]
        return numpy.concatenate([each[:FROM_CLUSTER] for each in mixed]), numpy.concatenate(strangers)

    def _text(self, place: int, at: int) -> tuple[int, int]:
        """Shard and number of a paper's document (0) or of one of its queries (1 on)."""
        shard, paper = self.places[place]
        return shard, int(self._first[shard][paper]) + at

    def _kinds(self, place: int) -> range:
        shard, number = self.places[place]
        return range(1, 1 + len(self._papers[shard][number].queries))

    def _kind(self, random: numpy.random.Generator, place: int) -> int:
        shard, number = self.places[place]
        kinds = self._kinds(place)
        conclusion = self._papers[shard][number].conclusion
        shares = [KINDS[0], KINDS[1] if conclusion else KINDS[2], KINDS[2]][: len(kinds)]
        return int(random.choice(kinds, p=numpy.array(shares) / sum(shares)))

    @cached_property
    def _spread(self) -> list[tuple[float, float]]:
        """Mean and standard deviation of each teacher's scores of titles against others' documents."""
        random = numpy.random.default_rng(0)
        places = random.choice(len(self), min(SPREAD, len(self)), replace=False)
        titles, documents = ([self.row(*self._text(each, at)) for each in places] for at in (1, 0))
        others = ~numpy.eye(len(places), dtype=bool)
        return [
            (float(each[others].mean()), float(each[others].std())) for each in _scores(titles, documents)
        ]

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


def _scores(queries: Sequence[Row], documents: Sequence[Row]) -> "NDArray[float32]":
    """Each dense teacher's cosines, shape (teachers, queries, documents)."""
    asked = numpy.stack([query.teachers for query in queries], 1)
    found = numpy.stack([document.teachers for document in documents], 1)
    scores: NDArray[float32] = asked @ found.transpose(0, 2, 1)
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
