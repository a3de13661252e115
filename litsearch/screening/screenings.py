"""Screenings: the question, the criteria, and which papers are up for a decision."""

import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from litsearch.clock import now
from litsearch.errors import LibraryError

if TYPE_CHECKING:
    import sqlite3

    from indexes.hybrid import HybridIndex
    from litsearch.library import Library

_COLUMNS = "name, question, include, exclude, candidates"


@dataclass(frozen=True, slots=True)
class Screening:
    """``include`` and ``exclude`` are criteria, one a string. ``candidates`` is the query whose words a paper
    must match to be a candidate; empty for all papers of the library."""

    name: str
    question: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    candidates: str = ""

    @property
    def topic(self) -> str:
        """What is sought in words: the question with the criteria of inclusion."""
        return " ".join((self.question, *self.include)).strip()


def create(library: "Library", screening: Screening) -> None:
    """Raises LibraryError where the name is empty or taken."""
    if not screening.name.strip():
        raise LibraryError("A screening needs a name.", "Give it a short one, such as “expansion”.")
    values = (
        screening.name.strip(),
        screening.question.strip(),
        json.dumps(screening.include, ensure_ascii=False),
        json.dumps(screening.exclude, ensure_ascii=False),
        screening.candidates.strip(),
    )
    with library.transaction() as writer:
        if writer.execute("SELECT 1 FROM screenings WHERE name = ?", values[:1]).fetchone():
            raise LibraryError(f"There is a screening {values[0]!r} already.", "Choose another name.")
        writer.execute(
            f"INSERT INTO screenings ({_COLUMNS}, created_at) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
            (*values, now()),
        )


def screenings(library: "Library") -> list[Screening]:
    """All of them, oldest first."""
    with library.snapshot() as reader:
        rows = reader.execute(f"SELECT {_COLUMNS} FROM screenings ORDER BY id").fetchall()  # noqa: S608
    return [_screening(*row) for row in rows]


def find(library: "Library", name: str) -> Screening:
    """Raises LibraryError, with the nearest names, where there is none of that name."""
    with library.snapshot() as reader:
        number = number_of(reader, name)
        row = reader.execute(f"SELECT {_COLUMNS} FROM screenings WHERE id = ?", (number,)).fetchone()  # noqa: S608
    return _screening(*row)


def number_of(reader: "sqlite3.Connection", name: str) -> int:
    """The row of a screening. Raises LibraryError as :func:`find`."""
    numbers = dict(reader.execute("SELECT name, id FROM screenings"))
    if name not in numbers:
        near = get_close_matches(name, numbers, n=3) or list(numbers)[:3]
        hint = f"Did you mean {', '.join(near)}?" if near else "There are no screenings yet."
        raise LibraryError(f"There is no screening {name!r}.", hint)
    return int(numbers[name])


def candidates(library: "Library", index: "HybridIndex", screening: Screening) -> list[int]:
    """Ids of the papers up for a decision, oldest first: all, or those that match the words of the query.

    Raises QuerySyntaxError where the query can't be read, IndexMismatchError or IndexDamagedError where the
    index can't serve.
    """
    from indexes.types import Query

    if not screening.candidates:
        with library.snapshot() as reader:
            return [paper for (paper,) in reader.execute("SELECT id FROM papers WHERE live ORDER BY id")]
    found = index.search(Query(screening.candidates), k=max(library.count(), 1), legs=("bm25",))
    return sorted(hit.id for hit in found.hits)


def _screening(name: str, question: str, include: str, exclude: str, candidates: str) -> Screening:
    return Screening(name, question, tuple(json.loads(include)), tuple(json.loads(exclude)), candidates)
