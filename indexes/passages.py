"""Which passages answer a question, and which say the same: for answers put together from sentences."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexes.analysis import stems

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex

ENCODED = 8  # passages that a dense encoder reads: the best by their words
PIVOT = 0.3  # how much a long passage pays for its length
SATURATION = 1.2


@dataclass(frozen=True, slots=True)
class PassageScores:
    """``relevance`` of each passage to the question and ``similarity`` of each pair, both from 0 to 1."""

    relevance: tuple[float, ...]
    similarity: Sequence[Sequence[float]]


def score_passages(index: "HybridIndex", question: str, passages: Sequence[str]) -> PassageScores:
    """Lexical overlap weighted by IDF, sparse and dense similarity, whichever the index has; their mean.

    Relevance is min-max normalised within each signal, so it compares passages of one call only. Neural
    encoders read the few passages that share most with the question, the others have the lowest of their
    scores: a sentence takes milliseconds, and a question has hundreds.
    """
    if not passages:
        return PassageScores((), ())
    bags = [Counter(stems(passage)) for passage in passages]
    asked = Counter(stems(question))
    idf = index.idf({term for bag in (asked, *bags) for term in bag})
    overlap = lexical_overlap(asked, bags, idf)
    relevance = [overlap]
    similarity = cosines([_weighted(bag, idf) for bag in bags])
    sparse = index.sparse_vectors(question, passages)
    if sparse is not None:
        query, vectors = sparse
        relevance.append([_dot(query, vector) for vector in vectors])
    best = sorted(range(len(passages)), key=lambda at: (-overlap[at], at))[:ENCODED]
    dense = index.dense_vectors(question, [passages[at] for at in best])
    if dense is not None:
        vector, matrix = dense
        values = dict(zip(best, (matrix @ vector).tolist(), strict=True))
        lowest = min(values.values())
        relevance.append([values.get(at, lowest) for at in range(len(passages))])
        near = (matrix @ matrix.T).clip(0.0, 1.0).tolist()
        for first, row in zip(best, near, strict=True):
            for second, value in zip(best, row, strict=True):
                similarity[first][second] = (similarity[first][second] + value) / 2
    return PassageScores(_mean([_normalised(signal) for signal in relevance]), similarity)


def alike(index: "HybridIndex", texts: Sequence[str]) -> Sequence[Sequence[float]]:
    """How similar each pair of texts is in its words, weighted by IDF, from 0 to 1."""
    bags = [Counter(stems(text)) for text in texts]
    idf = index.idf({term for bag in bags for term in bag})
    return cosines([_weighted(bag, idf) for bag in bags])


def mmr(
    relevance: Sequence[float], similarity: Sequence[Sequence[float]], k: int, balance: float = 0.7
) -> list[int]:
    """Maximal marginal relevance (Carbonell and Goldstein 1998): positions of the chosen, in order.

    ``balance`` 1 looks at relevance alone, 0 at novelty alone. Ties go to the earlier passage.
    """
    chosen: list[int] = []
    rest = set(range(len(relevance)))
    closest = [0.0] * len(relevance)  # similarity to the nearest chosen one
    while rest and len(chosen) < k:
        best = max(rest, key=lambda at: (balance * relevance[at] - (1 - balance) * closest[at], -at))
        rest.remove(best)
        chosen.append(best)
        closest = [max(near, similarity[best][at]) for at, near in enumerate(closest)]
    return chosen


def lexical_overlap(
    question: Mapping[str, int], passages: Sequence[Mapping[str, int]], idf: Mapping[str, float]
) -> list[float]:
    """BM25 of each passage among the passages, with the library's IDF."""
    lengths = [math.fsum(passage.values()) for passage in passages]
    average = math.fsum(lengths) / len(lengths) or 1.0
    scores = []
    for passage, length in zip(passages, lengths, strict=True):
        norm = SATURATION * (1 - PIVOT + PIVOT * length / average)
        shared = ((term, passage[term], times) for term, times in question.items() if term in passage)
        scores.append(math.fsum(times * idf[term] * tf / (tf + norm) for term, tf, times in shared))
    return scores


def cosines(vectors: Sequence[Mapping[str, float]]) -> list[list[float]]:
    """Cosine of each pair of sparse vectors, through postings: only pairs that share a term cost time."""
    lengths = [math.sqrt(math.fsum(value * value for value in vector.values())) or 1.0 for vector in vectors]
    postings: dict[str, list[tuple[int, float]]] = {}
    for at, vector in enumerate(vectors):
        for term, value in vector.items():
            postings.setdefault(term, []).append((at, value / lengths[at]))
    table = [[0.0] * len(vectors) for _ in vectors]
    for entries in postings.values():
        for first, value in entries:
            row = table[first]
            for second, other in entries:
                row[second] += value * other
    return table


def _weighted(bag: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    return {term: (1.0 + math.log(count)) * idf[term] for term, count in bag.items()}


def _dot(query: Mapping[int, float], vector: Mapping[int, float]) -> float:
    return math.fsum(weight * vector[token] for token, weight in query.items() if token in vector)


def _normalised(scores: Sequence[float]) -> list[float]:
    low, high = min(scores), max(scores)
    if high > low:
        return [(score - low) / (high - low) for score in scores]
    return [1.0 if high > 0 else 0.0] * len(scores)


def _mean(signals: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(math.fsum(values) / len(signals) for values in zip(*signals, strict=True))
