"""The record of a review in the ledger: what it set out to do, and its events. It is only ever added to."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter

from litsearch.agent.events import Spent
from litsearch.agent.ledger import Ledger, new_id
from litsearch.clock import now
from litsearch.errors import RunError
from litsearch.review.events import Ended, ReviewEvent
from litsearch.review.protocol import Protocol
from litsearch.review.result import Manifest

_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(ReviewEvent)}
BEGUN = "begun"  # no attempt has ended: it goes on, or was killed
_COLUMNS = "id, title, protocol, settings, coalesce(parent, ''), started_at"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a review was begun with. ``settings`` is as :func:`litsearch.review.beginning.to_json` has it."""

    id: str
    protocol: Protocol
    manifest: Manifest
    settings: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A review as it is listed. ``status`` is complete, partial, failed, or begun, where it has not ended."""

    id: str
    title: str
    parent: str
    started_at: str
    status: str


class Record:
    """One review's. Methods may be called from any thread; they raise RunError as the ledger's do."""

    def __init__(self, ledger: Ledger, review: str) -> None:
        self.id = review
        self._ledger = ledger

    @classmethod
    def begin(cls, ledger: Ledger, protocol: Protocol, manifest: Manifest, settings: str) -> "Record":
        """A new review, its id words of the title and four letters: that of the manifest is not looked at."""
        with ledger.writing() as connection:
            review = new_id(protocol.title)
            while connection.execute("SELECT 1 FROM reviews WHERE id = ?", (review,)).fetchone():
                review = new_id(protocol.title)
            kept = json.dumps({"manifest": asdict(manifest), "settings": settings})
            connection.execute(
                "INSERT INTO reviews (id, title, protocol, settings, parent, started_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *(review, protocol.title, json.dumps(asdict(protocol)), kept),
                    *(manifest.parent or None, manifest.started_at),
                ),
            )
        return cls(ledger, review)

    @classmethod
    def named(cls, ledger: Ledger, name: str) -> "Record":
        """The review of that id, or the only one whose id starts so. Raises RunError, with the nearest."""
        ids = [entry.id for entry in entries(ledger)]
        found = [each for each in ids if each == name] or [
            each for each in ids if name and each.startswith(name)
        ]
        if len(found) == 1:
            return cls(ledger, found[0])
        if found:
            raise RunError(
                f"{len(found)} reviews start with {name!r}", f"Name one of: {', '.join(found[:5])}"
            )
        near = difflib.get_close_matches(name, ids, n=3, cutoff=0.5) or ids[:3]
        hint = f"Did you mean one of: {', '.join(near)}?" if near else "Begin one: litsearch review run FILE"
        raise RunError(f"There is no review {name!r}", hint)

    def kept(self) -> Kept:
        """What it was begun with. Raises RunError where another version kept it and it can't be read."""
        [(_, _, protocol, settings, _, _)] = self._ledger.rows(
            f"SELECT {_COLUMNS} FROM reviews WHERE id = ?",  # noqa: S608 (constants)
            self.id,
        )
        try:
            said = json.loads(settings)
            manifest = {**said["manifest"], "review": self.id}
            return Kept(
                self.id,
                _adapter(Protocol).validate_json(protocol),
                _adapter(Manifest).validate_python(manifest),
                said["settings"],
            )
        except (ValueError, KeyError) as error:
            raise RunError(
                f"The review {self.id} was kept by another version and can't be read", "Run its protocol anew"
            ) from error

    def append(self, event: ReviewEvent) -> None:
        body = json.dumps(asdict(event), ensure_ascii=False)
        with self._ledger.writing() as connection:
            connection.execute(
                "INSERT INTO review_events (review, number, at, type, body) SELECT ?,"
                " (SELECT coalesce(max(number), 0) + 1 FROM review_events WHERE review = ?), ?, ?, ?",
                (self.id, self.id, now(), type(event).__name__, body),
            )

    def events(self) -> list[ReviewEvent]:
        """All of them, oldest first."""
        rows = self._ledger.rows(
            "SELECT type, body FROM review_events WHERE review = ? ORDER BY number", self.id
        )
        try:
            return [_adapter(_KINDS[kind]).validate_json(body) for kind, body in rows]
        except (ValueError, KeyError) as error:
            raise RunError(f"The review {self.id} has a record that can't be read: {error}") from error

    def ended_at(self) -> str:
        """When the last attempt ended; empty while none has."""
        rows = self._ledger.rows(
            "SELECT at FROM review_events WHERE review = ? AND type = 'Ended' ORDER BY number DESC LIMIT 1",
            self.id,
        )
        return str(rows[0][0]) if rows else ""


def entries(ledger: Ledger) -> list[Entry]:
    """Every review, the newest first."""
    rows = ledger.rows(
        "SELECT id, title, coalesce(parent, ''), started_at, (SELECT type || body FROM review_events"
        " WHERE review = id AND type IN ('Begun', 'Ended') ORDER BY number DESC LIMIT 1)"
        " FROM reviews ORDER BY reviews.rowid DESC"
    )
    return [Entry(review, title, parent, at, _status(last or "")) for review, title, parent, at, last in rows]


def paid(ledger: Ledger, runs: Sequence[str]) -> Spent:
    """What calls have cost that were made for these runs, in all attempts together."""
    [(calls, prompt, completion, cost, unpriced, estimated)] = ledger.rows(
        "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),"
        " coalesce(sum(cost), 0), coalesce(max(cost IS NULL), 0), coalesce(max(estimated), 0)"
        " FROM calls WHERE run IN (SELECT value FROM json_each(?))",
        json.dumps(list(runs)),
    ) or [(0, 0, 0, 0.0, 0, 0)]
    return Spent(calls, 0, prompt, completion, None if unpriced else float(cost), bool(estimated))


def _status(last: str) -> str:
    """Of the newest event that begins or ends an attempt, its type before its body."""
    kind = Ended.__name__
    return str(json.loads(last[len(kind) :])["status"]) if last.startswith(kind) else BEGUN


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
