"""The order in which papers come up for a decision."""

from shelf import PAPERS, Shelf

from litsearch.ingest import ingest
from litsearch.papers import Paper
from litsearch.screening.decisions import Verdict
from litsearch.screening.prioritise import Prioritiser

ALL = range(1, len(PAPERS) + 1)
EXPANSION = {1, 2, 4}


def of(shelf: Shelf, question: str = "Does query expansion help?", seed: int = 0) -> Prioritiser:
    return Prioritiser(shelf.library, shelf.index, ALL, question, seed)


def test_without_decisions_the_question_decides_and_without_that_the_seed(shelf: Shelf) -> None:
    assert set(of(shelf).order({})[:3]) == EXPANSION
    drawn = of(shelf, "").order({})
    assert sorted(drawn) == list(ALL)
    assert drawn == of(shelf, "").order({})
    assert drawn != of(shelf, "", seed=1).order({})


def test_the_order_follows_the_decisions_and_leaves_out_what_is_decided(shelf: Shelf) -> None:
    decisions: dict[int, Verdict] = {7: "include", 1: "exclude", 5: "exclude"}
    order = of(shelf).order(decisions)
    assert sorted(order) == sorted(set(ALL) - set(decisions))
    assert set(order[:5]) == {8, 9, 10, 11, 12}, "reports like the one that was included"
    assert order == of(shelf).order(dict(reversed(decisions.items()))), "whatever the order of deciding"


def test_while_nothing_is_excluded_the_included_papers_pull(shelf: Shelf) -> None:
    assert set(of(shelf).order({7: "include"})[:8]) & {8, 9, 10, 11, 12}
    assert set(of(shelf).order({5: "exclude"})[:3]) == EXPANSION


def test_a_paper_that_no_leg_has_reached_is_ordered_by_its_words(shelf: Shelf) -> None:
    ingest(shelf.library, [Paper("Report 7 on looms", "This report describes looms.", key="new")], source="b")
    prioritiser = Prioritiser(shelf.library, shelf.index, [*ALL, 13], "")
    order = prioritiser.order({7: "include", 8: "include", 1: "exclude", 5: "exclude"})
    assert 13 in order[:5]


def test_papers_that_are_no_candidates_are_neither_ordered_nor_learned_from(shelf: Shelf) -> None:
    prioritiser = Prioritiser(shelf.library, shelf.index, [1, 2, 3], "")
    assert sorted(prioritiser.order({7: "include", 8: "exclude", 2: "maybe"})) == [1, 3]
    assert Prioritiser(shelf.library, shelf.index, [], "x").order({}) == []


def test_papers_without_a_word_break_nothing(shelf: Shelf) -> None:
    ingest(shelf.library, [Paper("—", key="dash"), Paper("***", key="stars")], source="b")
    prioritiser = Prioritiser(shelf.library, shelf.index, [13, 14], "")
    assert prioritiser.order({13: "include"}) == [14]
    assert Prioritiser(shelf.library, shelf.index, [12, 13, 14], "").order(
        {13: "include", 14: "exclude"}
    ) == [12]
