"""``ledger.jsonl``: every event of every question's run, as the ledger keeps it.

Left out is what differs between two runs of the same review and stands in the manifest: a run's id, and
what it spent.
"""

import json
from collections.abc import Callable, Iterator, Sequence

from litsearch.agent.events import Event, Spent, Started
from litsearch.agent.events_json import to_json
from litsearch.errors import RunError
from litsearch.review.result import QuestionResult, ReviewResult

EventsOf = Callable[[str], Sequence[Event]]
"""The events of the run of that id, as :meth:`litsearch.agent.ledger.Ledger.events` gives them."""


def no_events(run: str) -> Sequence[Event]:  # noqa: ARG001
    """Of a review whose runs are not at hand."""
    return ()


def jsonl(result: ReviewResult, events: EventsOf) -> Iterator[str]:
    for asked in result.questions:
        for event in _events(asked, events):
            if isinstance(event, Spent):
                continue
            values = {"question_id": asked.id, **to_json(event)}
            if isinstance(event, Started):
                del values["run"]
            yield json.dumps(values, ensure_ascii=False) + "\n"


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
