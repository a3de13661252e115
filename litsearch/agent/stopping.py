"""When reading more is no longer worth it, and how much was found by then. Pure functions of judgements.

Recall within the pool of candidates is bounded by the test of Callaghan and Müller-Hansen (2020, Systematic
Reviews 9:273): the papers judged last are taken for a random sample of those that were left, which is careful
as long as later candidates are no likelier to be relevant than earlier ones. What no search found is bounded
from below by Chao's estimator (1984, Scandinavian Journal of Statistics 11:265) in its bias-corrected form.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence

PATIENCE = 10  # irrelevant papers in a row, before stopping is considered
TARGET = 0.8  # recall within the pool that the test must then make likely
CONFIDENCE = 0.95


def enough(judged: Sequence[bool], pool: int, newest: Collection[bool], *, target: float = TARGET) -> bool:
    """Whether reading may stop: a run of irrelevant papers, none relevant among those that only the newest
    query found, and the test rejects that less than ``target`` of the pool's relevant papers is known.

    ``judged`` is the relevance of the papers in the order they were judged, ``pool`` how many candidates
    there are with them.
    """
    if len(judged) >= pool:
        return True
    quiet = len(judged) >= PATIENCE and not any(judged[-PATIENCE:])
    return quiet and not any(newest) and p_below(judged, pool, target) < 1 - CONFIDENCE


def p_below(judged: Sequence[bool], pool: int, target: float) -> float:
    """The smallest p, over all samples that end with the last judgement, of recall below ``target``.

    1.0 where nothing relevant was judged: then there is nothing to infer from.
    """
    seen = sum(judged)
    if not seen:
        return 1.0
    return min(map(_p(len(judged), seen, pool, math.floor(seen / target) + 1), _windows(judged)))


def recall_bound(judged: Sequence[bool], pool: int) -> float | None:
    """The share of the pool's relevant papers that was judged, at least, at `CONFIDENCE`; None where nothing
    relevant was. 1.0 where the whole pool was judged."""
    seen = sum(judged)
    if not seen:
        return None
    rest = pool - len(judged)
    windows = _windows(judged)
    low, high = 0, rest  # relevant papers among the rest that the test can't rule out: the most of them
    while low < high:
        middle = (low + high + 1) // 2
        if min(map(_p(len(judged), seen, pool, seen + middle), windows)) < 1 - CONFIDENCE:
            high = middle - 1
        else:
            low = middle
    return seen / (seen + low)


def unseen_bound(catches: Iterable[int]) -> float:
    """How many relevant papers no source found, at least (Chao1): ``catches`` says for each relevant paper
    that was found how many sources, a leg's answer to a query each, found it."""
    counts = list(catches)
    once, twice = counts.count(1), counts.count(2)
    return once * (once - 1) / (2 * (twice + 1))


def _windows(judged: Sequence[bool]) -> list[tuple[int, int]]:
    """Where the samples to test begin, and how many relevant papers stand before that.

    Of samples with as many relevant papers the longest has the smallest p, so each begins after a relevant
    paper or at the start.
    """
    return list(enumerate([0, *(at for at, relevant in enumerate(judged, 1) if relevant)]))


def _p(judged: int, seen: int, pool: int, relevant: int) -> Callable[[tuple[int, int]], float]:
    """For a sample, how likely it had so few relevant papers, were there ``relevant`` in the whole pool."""

    def p(window: tuple[int, int]) -> float:
        before, start = window
        return hypergeometric(seen - before, pool - start, relevant - before, judged - start)

    return p


def hypergeometric(most: int, urn: int, marked: int, drawn: int) -> float:
    """P(X <= most) for the marked ones among ``drawn`` out of ``urn`` of which ``marked`` are marked."""
    if marked > urn:
        return 0.0  # there can't be as many
    fewest = max(0, drawn - (urn - marked))
    whole = _choose(urn, drawn)
    terms = (
        math.exp(_choose(marked, found) + _choose(urn - marked, drawn - found) - whole)
        for found in range(fewest, min(most, marked, drawn) + 1)
    )
    return min(1.0, math.fsum(terms))


def _choose(n: int, k: int) -> float:
    """The logarithm of the binomial coefficient."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
