"""The log of decisions: what stands, what is taken back, and what merging and removing do to it."""

from dataclasses import replace

import pytest
from shelf import PAPERS, Shelf

from litsearch.errors import LibraryError
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.papers import Identifier
from litsearch.screening.decisions import Decisions
from litsearch.screening.screenings import Screening, create

DOI, ARXIV = Identifier("doi", "10.1/one"), Identifier("arxiv", "2101.00001")


@pytest.fixture
def decisions(shelf: Shelf) -> Decisions:
    create(shelf.library, Screening("expansion", "Does expansion help?"))
    return Decisions(shelf.library, "expansion")


def verdicts(decisions: Decisions) -> dict[int, str]:
    return {paper: decision.verdict for paper, decision in decisions.all().items()}


def test_the_newest_decision_of_a_paper_counts_and_says_who_and_why(decisions: Decisions) -> None:
    decisions.decide(2, "include", "on topic", by="some/model")
    decisions.decide(1, "exclude", " wrong population ")
    decisions.decide(2, "maybe")
    assert verdicts(decisions) == {2: "maybe", 1: "exclude"}
    excluded = decisions.all()[1]
    assert (excluded.reason, excluded.by) == ("wrong population", "user")


def test_undo_takes_back_the_users_decisions_one_by_one_and_never_a_models(decisions: Decisions) -> None:
    decisions.decide(1, "include")
    decisions.decide(1, "exclude")
    decisions.decide(2, "include", by="some/model")
    assert (taken := decisions.undo()) is not None
    assert (taken.paper, taken.verdict) == (1, "exclude")
    assert verdicts(decisions) == {1: "include", 2: "include"}
    assert decisions.undo() is not None
    assert decisions.undo() is None
    assert verdicts(decisions) == {2: "include"}
    decisions.decide(1, "maybe")
    assert verdicts(decisions) == {2: "include", 1: "maybe"}


def test_screenings_are_apart_and_survive_reopening(shelf: Shelf, decisions: Decisions) -> None:
    create(shelf.library, Screening("other", ""))
    Decisions(shelf.library, "other").decide(3, "include")
    decisions.decide(1, "exclude")
    shelf.library.close()
    with Library.open(shelf.library.folder) as library:
        assert verdicts(Decisions(library, "expansion")) == {1: "exclude"}
        assert verdicts(Decisions(library, "other")) == {3: "include"}


def test_a_paper_in_the_trash_keeps_its_decision_there(shelf: Shelf, decisions: Decisions) -> None:
    decisions.decide(1, "include")
    shelf.library.remove([PAPERS[0].key])
    assert verdicts(decisions) == {}
    with pytest.raises(LibraryError, match="number 1"):
        decisions.decide(1, "exclude")
    ingest(shelf.library, PAPERS[:1], source="again")
    assert verdicts(decisions) == {1: "include"}


def test_the_decision_of_a_merged_paper_follows_it_and_returns_with_it(
    shelf: Shelf, decisions: Decisions
) -> None:
    journal = replace(PAPERS[0], title="Looms and their weavers", key="a", identifiers=(DOI,))
    preprint = replace(journal, title="Weavers at looms", key="b", identifiers=(ARXIV,))
    ingest(shelf.library, [journal, preprint], source="b")
    decisions.decide(13, "include")
    decisions.decide(14, "exclude", "no data")
    ingest(shelf.library, [replace(journal, key="c", identifiers=(DOI, ARXIV))], source="c")
    assert verdicts(decisions) == {13: "exclude"}, "of conflicting decisions the newest counts"
    [merge] = [merge for merge in shelf.library.merges() if merge.absorbed]
    shelf.library.unmerge(merge.id)
    assert verdicts(decisions) == {13: "include", 14: "exclude"}


def test_a_decision_needs_a_screening_and_a_paper(shelf: Shelf, decisions: Decisions) -> None:
    with pytest.raises(LibraryError, match="no screening 'expansio'") as caught:
        Decisions(shelf.library, "expansio")
    assert "expansion" in caught.value.hint
    with pytest.raises(LibraryError, match="number 99"):
        decisions.decide_all({1: ("include", ""), 99: ("include", "")})
    assert decisions.all() == {}, "all of them or none"
