"""Runs that were stored once, to be shown again: events as JSON Lines beside the tests of the app."""

import json
from pathlib import Path

from litsearch.agent.events import Answered, Event, Started
from litsearch.agent.events_json import from_json
from litsearch.agent.ledger import Ledger, RunStatus

READ = Path(__file__).parent / "tui" / "runs" / "read.jsonl"
"""A model read the papers of the shelf: it supports, contradicts and says both; a step failed."""


def events_of(path: Path) -> list[Event]:
    return [from_json(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def keep(ledger: Ledger, events: list[Event], *, status: RunStatus = "complete", at: str = "") -> str:
    """Put a run into a ledger, with the id that its events name, begun at a time that is known."""
    started = next(event for event in events if isinstance(event, Started))
    run = ledger.start(started.question, model=started.model, name=started.run)
    for event in events:
        ledger.append(run, event)
    ledger.finish(run, status)
    with ledger.writing() as connection:
        when = at or "2026-05-04T10:20:30+00:00"
        connection.execute("UPDATE runs SET started_at = ?, finished_at = ? WHERE id = ?", (when, when, run))
    return run


def keep_read(ledger: Ledger) -> str:
    """The run that a model read, whole."""
    return keep(ledger, events_of(READ))


def keep_cut_short(ledger: Ledger) -> str:
    """The same run, killed before it had an answer."""
    events = [event for event in events_of(READ) if not isinstance(event, Answered)]
    return keep(ledger, events, status="failed")
