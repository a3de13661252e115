"""How well an encoder finds known items: titles are to find their own abstracts among many.

It needs no judgements, so it can be measured on any papers; it is easier than real searches, and says which
of two encoders is better rather than how good one is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

from indexes.analysis import question_stems, stems
from indexes.joint import JointModel
from indexes.significance import bootstrap
from indexes.training.papers import TrainingPaper
from indexes.types import OnProgress, Progress

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

DEPTH = 10  # ranks that nDCG looks at
BATCH = 64  # documents encoded between two words of progress
K1, B = 1.2, 0.75  # of BM25, as Tantivy has them

Vector = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over the queries."""

    ndcg: float
    mrr: float


def measure(
    model: JointModel, papers: Sequence[TrainingPaper], on_progress: OnProgress = lambda _: None
) -> dict[str, Measured]:
    """BM25, and both sides of the model: the titles search among the abstracts of the papers."""
    titles = [paper.title for paper in papers]
    abstracts = [paper.abstract for paper in papers]
    answers = numpy.arange(len(papers))
    impacts: list[Vector] = []
    vectors = []
    for start in range(0, len(papers), BATCH):
        encoded = model.encode(abstracts[start : start + BATCH])
        impacts += encoded.impacts
        vectors.append(encoded.vectors)
        on_progress(Progress("measuring", min(start + BATCH, len(papers)), len(papers)))
    asked = numpy.stack([model.encode([title]).vectors[0] for title in titles])
    idf = inverse_frequencies([model.query_counts(abstract) for abstract in abstracts])
    queries = weighted([model.query_counts(title) for title in titles], idf)
    found = {
        "BM25": ranks(_bm25(titles, abstracts), answers),
        "sparse": ranks(sparse_scores(queries, impacts), answers),
        "dense": ranks(asked @ numpy.concatenate(vectors).T, answers),
    }
    return {
        name: Measured(float(ndcg(each).mean()), float((1 / each).mean())) for name, each in found.items()
    }


def inverse_frequencies(documents: Sequence[Mapping[int, Any]]) -> dict[int, float]:
    """BM25's, by the words that stand in the documents, as the sparse leg weighs queries."""
    frequency = Counter(dimension for document in documents for dimension in document)
    count = len(documents)
    return {
        each: float(numpy.log(1 + max(0.0, count - some + 0.5) / (some + 0.5)))
        for each, some in frequency.items()
    }


def weighted(queries: Sequence[Vector], idf: Mapping[int, float]) -> list[Vector]:
    """A dimension that stands in no document weighs as one that stands in one."""
    rarest = max(idf.values(), default=0.0)
    return [{each: weight * idf.get(each, rarest) for each, weight in query.items()} for query in queries]


def sparse_scores(queries: Sequence[Vector], documents: Sequence[Vector]) -> "NDArray[float32]":
    """Dot products, shape (queries, documents)."""
    postings: dict[int, tuple[list[int], list[float]]] = {}
    for number, document in enumerate(documents):
        for dimension, impact in document.items():
            numbers, impacts = postings.setdefault(dimension, ([], []))
            numbers.append(number)
            impacts.append(impact)
    arrays = {
        each: (numpy.array(numbers), numpy.array(impacts, numpy.float32))
        for each, (numbers, impacts) in postings.items()
    }
    scores = numpy.zeros((len(queries), len(documents)), numpy.float32)
    for row, query in zip(scores, queries, strict=True):
        for dimension, weight in query.items():
            if dimension in arrays:
                places, impacts_of = arrays[dimension]
                row[places] += weight * impacts_of
    return scores


def ranks(scores: "NDArray[Any]", answers: "NDArray[Any]") -> "NDArray[Any]":
    """The rank of each query's answer, from 1; among equal scores it comes last. Shape (queries,)."""
    own = scores[numpy.arange(len(scores)), answers][:, None]
    found: NDArray[Any] = (scores >= own).sum(1)
    return found


def ndcg(ranks: "NDArray[Any]") -> "NDArray[Any]":
    """nDCG@10 of each query, with one right answer."""
    gains: NDArray[Any] = numpy.where(ranks <= DEPTH, 1 / numpy.log2(1 + ranks), 0.0)
    return gains


def improvement(before: "NDArray[Any]", after: "NDArray[Any]", seed: int = 0) -> tuple[float, float]:
    """The mean difference of two measures of the same queries, and by a paired bootstrap (Sakai 2006) the
    two-sided p of no difference."""
    seen = bootstrap(after - before, seed=seed)
    return seen.difference, seen.p


def _bm25(queries: Sequence[str], documents: Sequence[str]) -> "NDArray[float32]":
    """As the lexical leg ranks free text, shape (queries, documents)."""
    numbers: dict[str, int] = {}
    counts = [
        Counter(numbers.setdefault(stem, len(numbers)) for stem in stems(document)) for document in documents
    ]
    lengths = [sum(each.values()) for each in counts]
    mean = sum(lengths) / max(len(lengths), 1)
    saturated = [
        {stem: count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean)) for stem, count in each.items()}
        for each, length in zip(counts, lengths, strict=True)
    ]
    idf = inverse_frequencies(counts)
    asked = [Counter(numbers[stem] for stem in question_stems(query) if stem in numbers) for query in queries]
    return sparse_scores(weighted(asked, idf), saturated)
