from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.stopping import (
    CONFIDENCE,
    PATIENCE,
    enough,
    hypergeometric,
    p_below,
    recall_bound,
    unseen_bound,
)

flags = st.lists(st.booleans(), max_size=60)


@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8))
def test_the_tail_counts_all_draws(most: int, urn: int, marked: int, drawn: int) -> None:
    marked, drawn = min(marked, urn), min(drawn, urn)
    draws = list(combinations(range(urn), drawn))
    few = sum(sum(each < marked for each in draw) <= most for draw in draws)
    assert hypergeometric(most, urn, marked, drawn) == pytest.approx(few / len(draws))


@given(flags, st.integers(0, 60))
def test_the_bound_is_a_share_and_never_more_than_what_could_be(judged: list[bool], rest: int) -> None:
    bound = recall_bound(judged, len(judged) + rest)
    assert (bound is None) == (not any(judged))
    if bound is not None:
        assert sum(judged) / (sum(judged) + rest) <= bound <= 1.0
        assert bound == 1.0 or rest > 0


@given(flags, st.integers(1, 60))
def test_a_larger_pool_never_raises_the_bound(judged: list[bool], rest: int) -> None:
    smaller, larger = (recall_bound(judged, len(judged) + more) for more in (rest, 2 * rest))
    assert smaller is None or (larger is not None and larger <= smaller)


@given(flags, st.integers(0, 60), st.floats(0.1, 0.99))
def test_bound_and_test_agree(judged: list[bool], rest: int, target: float) -> None:
    pool = len(judged) + rest
    bound = recall_bound(judged, pool)
    if p_below(judged, pool, target) < 1 - CONFIDENCE:
        assert bound is not None
        assert bound >= target


def test_what_was_read_whole_has_full_recall() -> None:
    assert recall_bound([True, False, True], 3) == 1.0
    assert enough([True, False], 2, [True])


def test_an_irrelevant_run_alone_does_not_stop() -> None:
    judged = [True] * 5 + [False] * PATIENCE
    assert not enough(judged, 500, [])  # so much is unread that nothing can be said
    assert enough(judged, len(judged) + 1, [])


def test_a_newest_query_that_found_something_goes_on() -> None:
    judged = [True] * 20 + [False] * 60
    assert enough(judged, 90, [False, False])
    assert not enough(judged, 90, [False, True])
    assert not enough([*judged, True], 90, [])


@given(st.lists(st.integers(1, 6), max_size=40))
def test_what_escaped_is_bounded_by_what_was_caught_once(catches: list[int]) -> None:
    bound = unseen_bound(catches)
    assert bound >= 0
    assert bound == 0 or catches.count(1) > 1
    assert unseen_bound([*catches, 2]) <= bound
