"""All that is stored of a run as JSON Lines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from litsearch.agent.events import Event
from litsearch.agent.events_json import to_json
from litsearch.agent.ledger import RunRecord


def write_run(record: RunRecord, events: Iterable[Event]) -> Iterator[str]:
    """A line each: first the question with its settings, then the events."""
    for value in (asdict(record), *map(to_json, events)):
        yield json.dumps(value, ensure_ascii=False) + "\n"
