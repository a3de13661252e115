"""What was done to the library, as it is listed: imports, merges, searches."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from litsearch.clock import now
from litsearch.errors import LibraryError


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import as it is listed. Times are ISO 8601 in UTC, empty where it did not come to that."""

    id: int
    source: str
    started_at: str
    finished_at: str  # empty while it runs, and where it was interrupted
    undone_at: str
    read: int
    added: int
    updated: int
    unchanged: int
    merged: int
    rejected: int


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """A record that joined a paper, or, where ``absorbed`` is not empty, showed that paper to be the same."""

    id: int
    at: str
    key: str  # of the paper
    title: str
    source: str  # of the record that joined
    name: str  # what that source calls it
    why: str  # the identifier they share, or "title, first author and year"
    absorbed: str  # the key of the paper that was merged into this one
    import_id: int
    undone_at: str
    confirmed_at: str  # when a person said that it is right; empty where nobody did, and once it is undone

    @property
    def is_settled(self) -> bool:
        """Whether it need not be looked at any more."""
        return bool(self.undone_at or self.confirmed_at)


def imports(connection: sqlite3.Connection) -> list[ImportRecord]:
    rows = connection.execute(
        "SELECT i.id, name, started_at, coalesce(finished_at, ''), coalesce(undone_at, ''), read, added,"
        " updated, unchanged, merged, rejected FROM imports i JOIN sources s ON s.id = source ORDER BY i.id"
    )
    return [ImportRecord(*row) for row in rows]


def merges(connection: sqlite3.Connection) -> list[MergeRecord]:
    rows = connection.execute(
        "SELECT m.id, m.at, coalesce(p.key, ''), coalesce(p.title, ''), name, coalesce(r.origin, ''), why,"
        " coalesce(q.key, ''), m.import, coalesce(m.undone_at, ''),"
        " coalesce(m.confirmed_at, '')"
        " FROM merges m JOIN imports i ON i.id = m.import JOIN sources s ON s.id = i.source"
        " LEFT JOIN papers p ON p.id = m.paper LEFT JOIN papers q ON q.id = m.absorbed"
        " LEFT JOIN records r ON r.id = m.record ORDER BY m.id"
    )
    return [MergeRecord(*row) for row in rows]


def only_merge(connection: sqlite3.Connection, paper: int, name: str) -> int:
    """The one merge into a paper, which the user calls ``name``. Raises LibraryError where there is none, or
    several."""
    rows = connection.execute("SELECT id FROM merges WHERE paper = ? AND undone_at IS NULL", (paper,))
    found = [merge for (merge,) in rows]
    if len(found) == 1:
        return int(found[0])
    if not found:
        raise LibraryError(
            f"Nothing was merged into {name!r}.", "`litsearch library merges --all` lists all merges."
        )
    raise LibraryError(
        f"{len(found)} records were merged into {name!r}.",
        f"Give the number of one: {', '.join(map(str, found))} (see `litsearch library merges --all`).",
    )


def confirm_merges(writer: sqlite3.Connection, merges: Collection[int], *, confirmed: bool) -> None:
    """Keep that a person found these merges right, or forget it.

    Raises LibraryError where one is not there or undone.
    """
    for merge in merges:
        found = writer.execute(
            "UPDATE merges SET confirmed_at = CASE WHEN ?2 THEN coalesce(confirmed_at, ?3) END"
            " WHERE id = ?1 AND undone_at IS NULL",
            (merge, confirmed, now()),
        ).rowcount
        if not found:
            raise LibraryError(
                f"There is no merge {merge} that stands.",
                "`litsearch library merges --all` lists all merges.",
            )


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """One search, with what PRISMA-S asks to report of it."""

    id: int
    at: str  # ISO 8601, UTC
    text: str
    filters: str
    revision: int  # of the library
    count: int  # papers that matched


def log_search(writer: sqlite3.Connection, text: str, filters: str, revision: int, count: int) -> None:
    writer.execute(
        "INSERT INTO searches (at, text, filters, revision, count) VALUES (?, ?, ?, ?, ?)",
        (now(), text, filters, revision, count),
    )


def searches(connection: sqlite3.Connection) -> list[SearchRecord]:
    rows = connection.execute("SELECT id, at, text, filters, revision, count FROM searches ORDER BY id")
    return [SearchRecord(*row) for row in rows]
