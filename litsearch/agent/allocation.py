"""Which candidates to read next: Thompson sampling (1933) over the searches that found them."""

import random
from collections.abc import Collection, Mapping, Sequence

FIRST = 8  # papers judged before anything is known of the searches; each batch is half as large again
GROWTH = 1.5


def sizes(most: int) -> list[int]:
    """How many papers each batch has, growing; they add up to ``most``."""
    batches: list[int] = []
    size = float(FIRST)
    while (left := most - sum(batches)) > 0:
        batches.append(min(left, int(size)))
        size *= GROWTH
    return batches


def choose(
    found: Sequence[Collection[int]],
    candidates: Sequence[int],
    relevant: Mapping[int, bool],
    number: int,
    seed: int,
) -> list[int]:
    """The next ``number`` of the candidates, which come best first.

    ``found`` has the papers of each search, ``relevant`` says of each judged paper whether it is. A search's
    yield is drawn from the Beta posterior of the judged papers that it found; the search with the highest
    draw gives its best candidate. While nothing is judged the candidates are taken as they come. The draws
    depend on the seed and on how much was judged, so a run that is carried on makes them again.
    """
    if not relevant:
        return list(candidates[:number])
    draws = random.Random(f"{seed} {len(relevant)}")
    yields = [[relevant[paper] for paper in papers if paper in relevant] for papers in found]
    posteriors = [(1 + sum(each), 1 + len(each) - sum(each)) for each in yields]
    waiting = [[paper for paper in candidates if paper in papers] for papers in map(frozenset, found)]
    chosen: dict[int, None] = {}
    while len(chosen) < number:
        waiting = [[paper for paper in papers if paper not in chosen] for papers in waiting]
        arms = [arm for arm, papers in enumerate(waiting) if papers]
        if not arms:
            break
        drawn = {arm: draws.betavariate(*posteriors[arm]) for arm in arms}
        chosen[waiting[max(arms, key=lambda arm: (drawn[arm], -arm))][0]] = None
    return list(chosen)
