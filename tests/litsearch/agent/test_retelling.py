"""What is told of a run from its events."""

import pytest
from model_server import Answer, ModelServer, Request
from shelf import Shelf, of

from litsearch.agent.events import (
    Answered,
    Distilled,
    Dropped,
    Event,
    Found,
    Judged,
    Searched,
    Sectioned,
    Started,
    Verified,
)
from litsearch.agent.retelling import dropped, recall_by_stage, spending, yields
from litsearch.agent.sections import Section


def searched(number: int, *papers: int, purpose: str = "") -> Searched:
    found = tuple(
        Found(paper, f"k{paper}", "A title", 2020, rank, 1.0) for rank, paper in enumerate(papers, 1)
    )
    return Searched(number, "words", found, len(found), len(found), ("bm25",), purpose)


def judged(paper: int, relevance: int) -> Judged:
    return Judged(paper, f"k{paper}", "A title", relevance, "so it says", "model")


EVENTS: list[Event] = [
    searched(1, 1, 2),
    searched(1, 2, 3),
    judged(1, 3),
    judged(2, 0),
    judged(3, 2),
    searched(2, 3, 4),
    judged(4, 1),
    searched(3, 5, purpose="to verify: a sentence"),
    judged(5, 2),
]


def test_a_search_yields_the_relevant_papers_that_it_found() -> None:
    told = [(each.judged, each.relevant, each.added) for each in yields(EVENTS)]
    assert told == [(2, 1, 1), (2, 1, 1), (2, 1, 0), (1, 1, 1)]


def test_recall_grows_by_stage() -> None:
    told = {
        each.stage: (each.papers, each.recall) for each in recall_by_stage(EVENTS, ["k1", "k3", "k4", "k5"])
    }
    assert told == {
        "first query": (1, 0.25),
        "expansion": (2, 0.5),
        "feedback": (3, 0.75),
        "verification": (4, 1.0),
        "held relevant": (3, 0.75),
        "quoted": (0, 0.0),
    }


def test_what_was_dropped_says_where() -> None:
    one, two, three = (Dropped(text, "a reason") for text in ("one", "two", "three"))
    events: list[Event] = [
        Distilled(1, "k1", (), (one,)),
        Verified((), (two,)),
        Sectioned(Section("Costs", (1,), ()), (three,)),
    ]
    assert dropped(events) == [("k1", one), ("answer", two), ("Costs", three)]


def test_what_a_run_quotes_counts(shelf: Shelf) -> None:
    events = shelf.ask()
    [answered] = of(Answered, events)
    keys = {finding.quote.key for finding in answered.findings}
    assert recall_by_stage(events, keys)[-1].recall == 1.0


def test_spending_is_told_by_step(shelf: Shelf, model_server: ModelServer) -> None:
    def script(request: Request) -> Answer:
        return {
            "relevance": 0,
            "reason": "no",
            "queries": [{"text": "feedback", "purpose": ""}],
            "answers": ["x"],
        }

    model_server.script = script
    [started] = of(Started, shelf.ask(model="openai/scripted"))
    spent = {each.step: each for each in spending(shelf.ledger, started.run)}
    assert spent["judge"].prompt_tokens == 100 * spent["judge"].calls
    assert spent["judge"].cost is None
    assert sum(each.calls for each in spent.values()) == len(model_server.requests)


@pytest.mark.parametrize("events", [[], EVENTS])
def test_without_known_papers_recall_is_nought(events: list[Event]) -> None:
    assert {each.recall for each in recall_by_stage(events, [])} == {0.0}
