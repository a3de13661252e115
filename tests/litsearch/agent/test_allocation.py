from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.allocation import choose, sizes


@given(st.integers(0, 500))
def test_batches_grow_and_add_up(most: int) -> None:
    batches = sizes(most)
    assert sum(batches) == most
    assert batches[:-1] == sorted(batches[:-1])
    assert all(size > 0 for size in batches)


@given(
    st.lists(st.sets(st.integers(1, 30)), max_size=5),
    st.dictionaries(st.integers(31, 40), st.booleans()),
    st.integers(0, 40),
    st.integers(0, 3),
)
def test_each_candidate_once_and_the_same_again(
    found: list[set[int]], relevant: dict[int, bool], number: int, seed: int
) -> None:
    candidates = sorted({paper for papers in found for paper in papers})
    chosen = choose(found, candidates, relevant, number, seed)
    assert len(chosen) == len(set(chosen)) == min(number, len(candidates))
    assert set(chosen) <= set(candidates)
    assert chosen == choose(found, candidates, relevant, number, seed)


def test_at_first_the_best_are_taken_as_they_come() -> None:
    assert choose([{3, 1}, {2}], [3, 2, 1], {}, 2, seed=0) == [3, 2]


def test_a_search_that_yields_is_read_further() -> None:
    good, bad = set(range(1, 41)), set(range(101, 141))
    relevant = {paper: paper < 100 for paper in [*range(1, 21), *range(101, 121)]}
    waiting = [paper for pair in zip(range(21, 41), range(121, 141), strict=True) for paper in pair]
    chosen = choose([good, bad], waiting, relevant, 10, seed=0)
    assert sum(paper < 100 for paper in chosen) == 10
    assert chosen == sorted(chosen)
