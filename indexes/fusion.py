"""Rankings of several legs into one. Pure: ids and scores in, ids and scores out."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import Literal, get_args

from indexes.errors import HintedError
from indexes.types import LEGS, LegName, Scored

DIGITS = 12  # of a fused score

Method = Literal["convex", "rrf"]
METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True, slots=True)
class Fusion:
    """How legs are put together.

    ``convex`` is the weighted mean of scores that are min-max normalised in each leg (Bruch, Gai and
    Ingber 2022); ``rrf`` is reciprocal rank fusion, the sum of weight / (k + rank) (Cormack, Clarke and
    Büttcher 2009). A leg without a weight counts 1.0, one with weight 0 does not take part.
    """

    method: Method = "convex"
    weights: Mapping[LegName, float] = field(default_factory=dict)
    k: int = 60

    def __post_init__(self) -> None:
        if any(not weight >= 0 or math.isinf(weight) for weight in self.weights.values()):
            raise HintedError("A leg's weight must be a number from 0 up.", "For example bm25=0.5, dense=1.")
        if not any(self.weight(leg) for leg in LEGS):
            raise HintedError("Every leg has weight 0.", "Give at least one leg a weight above 0.")

    def weight(self, leg: LegName) -> float:
        return self.weights.get(leg, 1.0)


CONVEX = Fusion("convex")
RRF = Fusion("rrf")


def fuse(
    runs: Mapping[LegName, Sequence[Scored]],
    fusion: Fusion = CONVEX,
    covered: Mapping[LegName, Collection[int]] = MappingProxyType({}),
    *,
    beyond: Mapping[LegName, Sequence[Scored]] = MappingProxyType({}),
    depth: int = 0,
) -> list[Scored]:
    """One ranking, best first, ties by id.

    ``covered`` names for a leg which of the found ids it has indexed; a leg that is not named covers
    all. A paper that a leg has not reached is scored by the legs that cover it, scaled up to the weight
    of all: never less than if the missing leg had looked and not found it.

    ``beyond`` has what a leg says of papers that other legs found and that are not in its run. ``depth``
    is how many hits each leg was asked for: a run with fewer is all that matches. Ranks need neither.
    """
    weights = {leg: fusion.weight(leg) for leg in LEGS if leg in runs and fusion.weight(leg) > 0}
    scores: dict[int, float] = {}
    for leg, weight in weights.items():
        if fusion.method == "rrf":
            shares = _by_rank(runs[leg], fusion.k)
        else:
            shares = _by_score(
                runs[leg], beyond.get(leg, ()), of_all=leg != "dense" and len(runs[leg]) < depth
            )
        for document, share in shares:
            scores[document] = scores.get(document, 0.0) + weight * share
    whole = math.fsum(weights.values())
    for document, reached in _partly_covered(scores, runs, weights, covered).items():
        scores[document] *= whole / reached
    if fusion.method == "convex":
        scores = {document: score / whole for document, score in scores.items()}
    # Rounded, since sums of the same shares in another order differ in their last bits: ties are by id.
    ranked = sorted((document, round(score, DIGITS)) for document, score in scores.items())
    ranked.sort(key=itemgetter(1), reverse=True)
    return ranked


def _partly_covered(
    documents: Collection[int],
    runs: Mapping[LegName, Sequence[Scored]],
    weights: Mapping[LegName, float],
    covered: Mapping[LegName, Collection[int]],
) -> dict[int, float]:
    """For each document that some leg has not reached, the weight of the legs that have."""
    missed: dict[int, list[LegName]] = {}
    for leg in weights.keys() & covered.keys():
        reached = {*covered[leg], *(document for document, _ in runs[leg])}
        for document in documents:
            if document not in reached:
                missed.setdefault(document, []).append(leg)
    return {
        document: math.fsum(weight for leg, weight in weights.items() if leg not in legs)
        for document, legs in missed.items()
    }


def _by_rank(run: Sequence[Scored], k: int) -> list[Scored]:
    return [(document, 1.0 / (k + rank)) for rank, (document, _) in enumerate(run, 1)]


def _by_score(run: Sequence[Scored], beyond: Sequence[Scored], of_all: bool) -> list[Scored]:
    """Shares that span 1.0 over the run, and start at 0.0 with the worst that a paper can get.

    That is a score of 0 in a run of all that match, so that the last of two papers with a rare word is more
    than a paper without it; else the lowest score there is.
    """
    if not run:
        return []
    low = 0.0 if of_all else min(score for _, score in run)
    width = max(score for _, score in run) - low
    if width <= 0:
        return [(document, 1.0) for document, _ in run]
    start = min([low, *(score for _, score in beyond)])
    return [(document, (score - start) / width) for document, score in (*run, *beyond)]
