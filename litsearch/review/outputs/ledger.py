"""``ledger.jsonl``: what the review and every question's run did, event by event, as the ledger keeps it.

The events stand in the order of the stages, of the candidates, the keys and the protocol's questions, each
paper's newest decision and row once, of a question the last attempt at its run. So a review that was killed
and carried on has the bytes of one that was not. Left out is what differs between two runs of the same review
and stands in the manifest: ids, times, and what was spent.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from litsearch.agent.events import Event, Spent, Started
from litsearch.agent.events_json import to_json
from litsearch.errors import RunError
from litsearch.review import events_json
from litsearch.review.events import Extracted, ReviewEvent, Screened, Synthesised
from litsearch.review.result import QuestionResult, ReviewResult
from litsearch.review.state import State

Values = Mapping[str, object]
EventsOf = Callable[[str], Sequence[Event]]
"""The events of the run of that id, as :meth:`litsearch.agent.ledger.Ledger.events` gives them."""


def no_events(run: str) -> Sequence[Event]:  # noqa: ARG001
    """Of a review whose runs are not at hand."""
    return ()


def jsonl(result: ReviewResult, stages: Sequence[ReviewEvent], events: EventsOf) -> Iterator[str]:
    """``stages`` are the events of the review itself."""
    state = State()
    for event in stages:
        state.apply(event)
    for values in _lines(result, state, events):
        yield json.dumps(values, ensure_ascii=False) + "\n"


def _lines(result: ReviewResult, state: State, events: EventsOf) -> Iterator[Values]:
    """What is known by now, in the order of the stages."""
    if state.begun:
        yield _of(state.begun, "review", "attempt", "parent")
    yield from map(_of, state.identified)
    if state.deduplicated:
        yield _of(state.deduplicated)
    yield from (_of(Screened((paper,))) for paper in result.screened if paper.id in state.screened)
    for asked in result.questions:
        yield from _question(asked, state, events)
    yield from (_of(Extracted(row)) for row in result.extracted if row.id in state.extracted)
    if state.synthesis is not None:
        yield _of(Synthesised(state.synthesis))
    yield from map(_of, state.troubles)


def _question(asked: QuestionResult, state: State, events: EventsOf) -> Iterator[Values]:
    for event in _events(asked, events):
        if not isinstance(event, Spent):
            left_out = ("run",) if isinstance(event, Started) else ()
            yield {"question_id": asked.id, **_without(to_json(event), left_out)}
    if ended := state.questions.get(asked.id):
        yield _of(ended, "run")


def _of(event: ReviewEvent, *left_out: str) -> Values:
    return _without(events_json.to_json(event), left_out)


def _without(values: Values, left_out: Sequence[str]) -> Values:
    return {name: value for name, value in values.items() if name not in left_out}


def _events(asked: QuestionResult, events: EventsOf) -> Sequence[Event]:
    """None for a question that was cut short before its run had any; then a run whose id only begins so may
    have been found."""
    try:
        found = events(asked.run) if asked.run else ()
    except RunError:
        if asked.answered:
            raise
        return ()
    begun = next((event for event in found if isinstance(event, Started)), None)
    return found if begun is not None and begun.run == asked.run else ()
