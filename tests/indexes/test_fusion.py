"""Fusion: what must hold for any rankings, and hand-made cases."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.errors import HintedError
from indexes.fusion import CONVEX, RRF, Fusion, fuse
from indexes.types import LEGS, LegName, Scored

fusions = st.sampled_from([RRF, CONVEX, Fusion("rrf", {"bm25": 0.5}), Fusion("convex", {"dense": 3.0})])


@st.composite
def runs(draw: st.DrawFn) -> dict[LegName, list[Scored]]:
    legs = draw(st.lists(st.sampled_from(LEGS), min_size=1, unique=True))
    found: dict[LegName, list[Scored]] = {}
    for leg in legs:
        ids = draw(st.lists(st.integers(1, 12), unique=True, max_size=8))
        scores = draw(st.lists(st.floats(0, 50, width=32), min_size=len(ids), max_size=len(ids)))
        found[leg] = list(zip(ids, sorted(scores, reverse=True), strict=True))
    return found


@given(runs(), fusions, st.randoms())
def test_the_order_of_the_legs_changes_nothing(found, fusion, random):
    legs = list(found)
    random.shuffle(legs)
    assert fuse({leg: found[leg] for leg in legs}, fusion) == fuse(found, fusion)


@given(runs(), fusions)
def test_every_paper_found_is_there_once_best_first(found, fusion):
    fused = fuse(found, fusion)
    assert sorted(each for each, _ in fused) == sorted({each for run in found.values() for each, _ in run})
    assert fused == sorted(fused, key=lambda item: (-item[1], item[0]))


@given(runs(), fusions)
def test_what_leads_every_leg_leads_the_fusion(found, fusion):
    led = {leg: [(99, (run[0][1] if run else 0.0) + 1.0), *run] for leg, run in found.items()}
    assert fuse(led, fusion)[0][0] == 99


@given(runs(), fusions, st.data())
def test_a_paper_a_leg_has_not_reached_is_not_demoted(found, fusion, data):
    leg = data.draw(st.sampled_from(sorted(found)))
    unseen = {each for run in found.values() for each, _ in run} - {each for each, _ in found[leg]}
    if not unseen:
        return
    late = data.draw(st.sampled_from(sorted(unseen)))
    everything = {each for run in found.values() for each, _ in run}
    before = [each for each, _ in fuse(found, fusion)]
    after = [each for each, _ in fuse(found, fusion, {leg: everything - {late}})]
    assert after.index(late) <= before.index(late)
    assert [each for each in after if each != late] == [each for each in before if each != late]


@given(runs(), st.sampled_from(["rrf", "convex"]))
def test_a_leg_that_covers_nothing_is_as_a_leg_that_is_absent(found, method):
    fusion = Fusion(method)
    without = fuse(found, fusion)
    empty = [leg for leg in LEGS if leg not in found]
    more: dict[LegName, list[Scored]] = {**found, **{leg: [] for leg in empty}}
    fused = fuse(more, fusion, dict.fromkeys(empty, ()))
    assert [each for each, _ in fused] == [each for each, _ in without]


@given(runs(), st.sampled_from(["rrf", "convex"]))
def test_weight_zero_takes_a_leg_out(found, method):
    leg = next(iter(found))
    others = {name: run for name, run in found.items() if name != leg}
    assert fuse(found, Fusion(method, {leg: 0.0})) == fuse(others, Fusion(method))


def test_reciprocal_rank_fusion_by_hand():
    fused = fuse({"bm25": [(1, 9.0), (2, 8.0)], "dense": [(2, 0.9), (3, 0.1)]}, RRF)
    assert [each for each, _ in fused] == [2, 1, 3]
    assert fused[0][1] == pytest.approx(1 / 62 + 1 / 61)


def test_convex_combination_by_hand():
    fused = dict(
        fuse(
            {"bm25": [(1, 10.0), (2, 5.0), (3, 0.0)], "dense": [(3, 0.9), (2, 0.5)]},
            Fusion("convex", {"dense": 3.0}),
        )
    )
    assert fused == {1: pytest.approx(0.25), 2: pytest.approx(0.125), 3: pytest.approx(0.75)}


def test_the_last_paper_with_a_rare_word_is_more_than_one_without_it():
    found = {"bm25": [(1, 8.0), (2, 6.0)], "dense": [(3, 0.8), (4, 0.2)]}
    assert dict(fuse(found, CONVEX, depth=2))[2] == 0.0  # of many
    assert dict(fuse(found, CONVEX, depth=3))[2] == pytest.approx(6 / 8 / 2)  # of two


def test_what_a_leg_says_beyond_its_run_orders_what_others_found():
    found = {"bm25": [(1, 9.0), (2, 8.0), (3, 7.0)], "dense": [(1, 0.8), (9, 0.6)]}
    fused = dict(fuse(found, CONVEX, beyond={"dense": [(3, 0.55), (2, 0.4)]}))
    # Scores of the run still span 1.0; all of them start at the worst, 0.4.
    assert fused == {
        1: pytest.approx((1.0 + 2.0) / 2),
        2: pytest.approx((0.5 + 0.0) / 2),
        3: pytest.approx((0.0 + 0.75) / 2),
        9: pytest.approx(1.0 / 2),
    }


def test_ties_go_to_the_lower_id():
    assert [each for each, _ in fuse({"bm25": [(7, 2.0), (3, 1.0)], "dense": [(3, 2.0), (7, 1.0)]})] == [3, 7]


@pytest.mark.parametrize("weights", [{"bm25": -1.0}, {"bm25": math.nan}, dict.fromkeys(LEGS, 0.0)])
def test_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(HintedError):
        Fusion("convex", weights)
