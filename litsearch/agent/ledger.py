"""The ledger of a library: its runs, their events and every model call, in ``runs.db``.

What is appended is on disk when the call returns. Nothing is ever deleted or overwritten, but for the
status of a run.
"""

import difflib
import json
import re
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from litsearch.agent.budget import Usage
from litsearch.agent.events import Event
from litsearch.agent.events_json import from_json, to_json
from litsearch.agent.running import Running
from litsearch.clock import now
from litsearch.errors import RunError

RunStatus = Literal["running", "complete", "stopped", "failed", "killed"]
"""``killed`` is not stored: so is shown what is stored as running while no process carries it."""

VERSION = 2  # of runs.db: how many migrations it takes
_BUSY = 10.0  # seconds to wait for another process that writes
_ID_WORDS = 3  # the longest words of the question, which say most


@dataclass(frozen=True, slots=True)
class RunRecord:
    id: str
    question: str
    settings: str  # JSON, as given to :meth:`Ledger.start`
    model: str  # "" where no model read
    started_at: str  # ISO 8601, UTC
    finished_at: str | None
    status: RunStatus


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply as it came, before anything is made of it. ``ending`` is why the model stopped
    ("stop", "length", "refusal" ...)."""

    text: str
    ending: str
    usage: Usage

    @property
    def whole(self) -> bool:
        """There is a text, and the model ended it of its own accord."""
        return bool(self.text.strip()) and self.ending == "stop"


@dataclass(frozen=True, slots=True)
class Call:
    """A model call: its ``key`` is a hash of all that shapes the reply, ``request`` is the call as JSON."""

    key: str
    run: str
    step: str
    model: str
    prompt: str  # name, version and hash of the template
    request: str


class Ledger:
    """Opens ``folder/runs.db``, and makes it on the first write. Methods may be called from any thread.

    Every method raises RunError where the file is no ledger, is newer than this program, or is locked.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "runs.db"
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._running = Running(folder)

    def close(self) -> None:
        self._running.free_all()
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def start(self, question: str, *, settings: str = "{}", model: str = "", name: str = "") -> str:
        """Begin a run. Its id is ``name``, or words of the question and four letters, as
        ``query-expansion-k3vq``. Raises RunError where the name is taken."""
        values = (question, settings, model, 1, now(), "running")
        with self.writing() as connection:
            while True:
                run = name or new_id(question)
                try:
                    connection.execute(
                        "INSERT INTO runs (id, question, settings, model, attempt, started_at, status)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (run, *values),
                    )
                except sqlite3.IntegrityError as error:
                    if name:
                        raise RunError(f"There is a run {name!r} already") from error
                    continue  # taken: draw again
                self._running.hold(run)  # before the transaction ends: it is never seen as killed
                return run

    def resume(self, run: str) -> list[Event]:
        """Begin another attempt at a run and return the events of those before, oldest first.

        The run executes again from its start, its model calls answered from the cache; what it appends
        from now on takes the place of the earlier events in :meth:`events`.

        Raises:
            RunError: there is no such run, it is complete, or a process is carrying it now.
        """
        self._running.hold(self.run(run).id)
        record = self.run(run)
        if record.status == "complete":
            self._running.free(record.id)
            raise RunError(
                f"The run {record.id} is complete", f"See it with: litsearch runs show {record.id}"
            )
        with self.writing() as connection:
            connection.execute(
                "UPDATE runs SET attempt = attempt + 1, status = 'running', finished_at = NULL WHERE id = ?",
                (record.id,),
            )
            rows = connection.execute("SELECT body FROM events WHERE run = ? ORDER BY number", (record.id,))
            return [from_json(json.loads(body)) for (body,) in rows]

    def append(self, run: str, event: Event) -> int:
        """Keep an event and return its number in the run, from 1."""
        body = to_json(event)
        with self.writing() as connection:
            row = connection.execute(
                "INSERT INTO events (run, number, attempt, type, body)"
                " SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM events WHERE run = id), attempt, ?, ?"
                " FROM runs WHERE id = ? RETURNING number",
                (body["type"], json.dumps(body), run),
            ).fetchone()
            if row is None:
                raise RunError(f"There is no run {run!r}")
            return int(row[0])

    def finish(self, run: str, status: RunStatus) -> None:
        """Say how a run ended."""
        with self.writing() as connection:
            connection.execute(
                "UPDATE runs SET status = ?, finished_at = ? WHERE id = ?", (status, now(), run)
            )
        self._running.free(run)

    def runs(self) -> list[RunRecord]:
        """Every run, the newest first."""
        records = (RunRecord(*row) for row in self.rows(f"{_RUNS} ORDER BY rowid DESC"))
        return [
            replace(record, status="killed")
            if record.status == "running" and record.id not in self._running
            else record
            for record in records
        ]

    def run(self, name: str) -> RunRecord:
        """The run of that id, or the only one whose id starts so.

        Raises:
            RunError: there is none, or more than one.
        """
        runs = self.runs()
        found = [run for run in runs if run.id == name] or [
            run for run in runs if name and run.id.startswith(name)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise RunError(
                f"{len(found)} runs start with {name!r}", f"Name one of: {_some(run.id for run in found)}"
            )
        ids = [run.id for run in runs]
        near = difflib.get_close_matches(name, ids, n=3, cutoff=0.5) or ids
        raise RunError(
            f"There is no run {name!r}",
            f"Did you mean one of: {_some(near)}?"
            if near
            else "Ask a question first: litsearch ask QUESTION",
        )

    def events(self, run: str) -> list[Event]:
        """The events of a run in order, of its last attempt where it was resumed.

        Raises:
            RunError: there is no such run, or an event can't be read.
        """
        record = self.run(run)
        rows = self.rows(
            "SELECT body FROM events JOIN runs ON runs.id = run AND runs.attempt = events.attempt"
            " WHERE run = ? ORDER BY number",
            record.id,
        )
        return [from_json(json.loads(body)) for (body,) in rows]

    def cached(self, key: str, *, run: str) -> Reply | None:
        """The reply that was kept for an equal call.

        A whole reply serves every run; an empty, refused or cut-off one only the run that paid for it,
        so that resuming pays nothing twice and a new run gets another chance.
        """
        for owner, text, ending, prompt, completion, estimated, cost in self.rows(
            "SELECT run, reply, ending, prompt_tokens, completion_tokens, estimated, cost"
            " FROM calls WHERE key = ?",
            key,
        ):
            reply = Reply(text, ending, Usage(prompt, completion, cost, bool(estimated)))
            return reply if reply.whole or owner == run else None
        return None

    def keep(self, call: Call, reply: Reply) -> None:
        """Keep what a call was answered."""
        usage = reply.usage
        with self.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(call.key, call.run, call.step, call.model, call.prompt, call.request),
                    *(reply.text, reply.ending, usage.prompt_tokens, usage.completion_tokens),
                    *(usage.estimated, usage.cost, now()),
                ),
            )

    def rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        """What a query finds; nothing where there is no ledger yet."""
        if self._connection is None and not self._path.exists():
            return []
        with self._open() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection in a transaction of its own, on disk at its end."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _connect(self._path)
                yield self._connection
            except sqlite3.Error as error:
                raise RunError(
                    f"{self._path}: the ledger of runs can't be used ({error})",
                    "Another process may be writing, or the folder may be read-only or full",
                ) from error


_RUNS = "SELECT id, question, settings, model, started_at, finished_at, status FROM runs"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise RunError(f"{path}: written by a newer litsearch", "Update this one")
        connection.execute("PRAGMA synchronous = FULL")  # an event or a paid reply outlives a power cut
        if version < VERSION:
            from litsearch.agent.ledger_migrations import migrate
            from litsearch.connections import write_ahead

            write_ahead(connection)
            migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def new_id(question: str) -> str:
    words = list(dict.fromkeys(re.findall(r"[a-z0-9]+", question.lower())))
    longest = sorted(words, key=len, reverse=True)[:_ID_WORDS]
    letters = "".join(secrets.choice("bcdfghjkmnpqrstvwxyz23456789") for _ in range(4))
    return (
        "-".join([*(word[:16] for word in words if word in longest), letters]) if words else f"run-{letters}"
    )


def _some(ids: Iterator[str] | list[str]) -> str:
    listed = list(ids)
    return ", ".join(listed[:5]) + (" ..." if len(listed) > 5 else "")
