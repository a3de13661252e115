"""Papers that the relevant ones lead to: near them in words and meaning, and by citation."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from indexes.types import Filters, LegName

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library

SEEDS = 5  # relevant papers that others are near to
AGREED = 2  # seeds that a paper must be near to: what is near to one alone is often off the question
DEPTH = 50
RRF_K = 60

_CITED = """
SELECT DISTINCT identifiers.paper FROM cited_works JOIN identifiers
ON scheme = substr(identifier, 1, instr(identifier, ':') - 1)
AND value = substr(identifier, instr(identifier, ':') + 1)
WHERE cited_works.paper IN (SELECT value FROM json_each(?))
"""
_CITING = """
SELECT DISTINCT cited_works.paper FROM identifiers JOIN cited_works
ON identifier = scheme || ':' || value
WHERE identifiers.paper IN (SELECT value FROM json_each(?))
"""


def near(index: "HybridIndex", seeds: Sequence[int], filters: Filters) -> dict[int, tuple[LegName, ...]]:
    """Papers near at least two of the first seeds, best first by the sum of their reciprocal ranks, with
    the legs that found them."""
    rankings = [index.similar(seed, k=DEPTH, filters=filters) for seed in seeds[:SEEDS]]
    legs: dict[int, dict[LegName, None]] = {}
    for ranking in rankings:
        for hit in ranking.hits:
            legs.setdefault(hit.id, {}).update(dict.fromkeys(hit.legs))
    order = agreed([[hit.id for hit in ranking.hits] for ranking in rankings])
    return {paper: tuple(legs[paper]) for paper in order}


def agreed(rankings: Sequence[Sequence[int]]) -> list[int]:
    """What at least two of the rankings have, by reciprocal rank fusion; ties by id."""
    scores: dict[int, list[float]] = {}
    for ranking in rankings:
        for rank, paper in enumerate(ranking, 1):
            scores.setdefault(paper, []).append(1.0 / (RRF_K + rank))
    sums: Mapping[int, float] = {
        paper: math.fsum(each) for paper, each in scores.items() if len(each) >= AGREED
    }
    return sorted(sums, key=lambda paper: (-sums[paper], paper))


def citations(library: "Library", seeds: Iterable[int]) -> set[int]:
    """Papers of the library that the seeds cite, and those that cite them, without the seeds."""
    ids = list(seeds)
    return cited(library, ids) | citing(library, ids)


def cited(library: "Library", seeds: Iterable[int]) -> set[int]:
    """Papers of the library that the seeds cite, without the seeds."""
    return _linked(library, _CITED, seeds)


def citing(library: "Library", seeds: Iterable[int]) -> set[int]:
    """Papers of the library that cite the seeds, without the seeds."""
    return _linked(library, _CITING, seeds)


def _linked(library: "Library", sql: str, seeds: Iterable[int]) -> set[int]:
    import json

    ids = list(seeds)
    with library.snapshot() as reader:
        return {paper for (paper,) in reader.execute(sql, (json.dumps(ids),))}.difference(ids)


def knows_citations(library: "Library") -> bool:
    """Whether the library knows of any paper what it cites."""
    with library.snapshot() as reader:
        return reader.execute("SELECT 1 FROM cited_works LIMIT 1").fetchone() is not None
