"""Queries of the user's own, in place of a planner's."""

import pytest
from shelf import QUESTION, Shelf, of

from indexes.hybrid import HybridIndex
from litsearch.agent.events import Event, Failed, Planned, Searched, Started
from litsearch.agent.expand import ASKED, OWN
from litsearch.agent.loop import Run

OWN_QUERIES = ("+dense encoders", "caching web pages")


def test_the_users_own_queries_are_the_plan(shelf: Shelf) -> None:
    events = shelf.ask(own=OWN_QUERIES)
    planned = of(Planned, events)[0]
    assert planned.planner == "user"
    assert [(query.text, query.purpose) for query in planned.queries] == [
        (QUESTION, ASKED),
        ("+dense encoders", OWN),
        ("caching web pages", OWN),
    ]
    found = {search.query: {each.key for each in search.found} for search in of(Searched, events)}
    assert found["+dense encoders"] == {"clog2020"}


def test_a_query_is_cleaned_and_not_searched_twice(shelf: Shelf) -> None:
    planned = of(Planned, shelf.ask(own=("dense\x07\n encoders", "dense encoders", QUESTION)))[0]
    assert [query.text for query in planned.queries] == [QUESTION, "dense encoders"]


def test_they_are_kept_for_carrying_on(shelf: Shelf) -> None:
    first = shelf.ask(own=OWN_QUERIES, watch=_stop)
    again = shelf.ask(resume=of(Started, first)[0].run)
    assert of(Planned, again)[0] == of(Planned, first)[0]
    assert of(Planned, again)[0].planner == "user"


def _stop(run: Run, event: Event) -> None:
    if isinstance(event, Searched):
        run.stop()


@pytest.mark.parametrize("query", ["", "?", "(dense", "dense AND"])
def test_a_query_that_can_not_be_searched_for_ends_the_run_before_it_begins(shelf: Shelf, query: str) -> None:
    [failed] = shelf.ask(own=("encoders", query))
    assert isinstance(failed, Failed)
    assert failed.fatal
    assert "query" in failed.message
    assert shelf.ledger.runs() == []


def test_where_no_search_can_be_made_the_run_says_why(shelf: Shelf) -> None:
    for terms in shelf.library.index_folder.rglob("*.term"):
        terms.write_bytes(b"")
    shelf.index = HybridIndex.open(shelf.library.index_folder, shelf.library)
    *alone, fatal = of(Failed, shelf.ask(own=OWN_QUERIES))
    assert len(alone) == 3
    assert fatal.fatal
    assert fatal.message.startswith("None of the searches could be made: ")
    assert fatal.message.endswith(alone[0].message)
    assert fatal.hint == alone[0].hint
