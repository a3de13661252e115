"""The library's schema, as recorded migrations that are only ever appended to.

Names are checked with sqlite3 alone; sqlite_utils, which takes 0.2 s to import, is loaded only where a
migration must run.
"""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from litsearch import schema
from litsearch.errors import LibraryError

if TYPE_CHECKING:
    from sqlite_utils import Database

_SET = "litsearch"


def _m001_library(db: "Database") -> None:
    """Papers with their parts, the records they are the fold of, and the logs."""
    for statement in schema.M001.split(";\n\n"):
        db.execute(statement)


def _m002_citations(db: "Database") -> None:
    """Which papers cite a work."""
    db.execute("CREATE INDEX cited_works_by_identifier ON cited_works (identifier)")


def _m003_screening(db: "Database") -> None:
    """Screenings and the log of their decisions."""
    for statement in schema.M003.split(";\n\n"):
        db.execute(statement)


def _m004_notes(db: "Database") -> None:
    """What a person noted of a paper."""
    db.execute(
        "CREATE TABLE notes (paper INTEGER PRIMARY KEY REFERENCES papers ON DELETE CASCADE,"
        " text TEXT NOT NULL, at TEXT NOT NULL)"
    )


def _m005_confirmed_merges(db: "Database") -> None:
    """When a person said of a merge that it is right; a merge that is undone is no longer confirmed."""
    db.execute("ALTER TABLE merges ADD COLUMN confirmed_at TEXT")
    db.execute(
        "CREATE TRIGGER merges_undone AFTER UPDATE OF undone_at ON merges WHEN NEW.undone_at IS NOT NULL"
        " BEGIN UPDATE merges SET confirmed_at = NULL WHERE id = NEW.id; END"
    )


def _m006_departed(db: "Database") -> None:
    """Papers that went with their import although something was decided of them."""
    for statement in schema.M006.split(";\n\n"):
        db.execute(statement)


def _m007_taken_back(db: "Database") -> None:
    """Whether a decision was taken back, told without reading all others."""
    db.execute("CREATE INDEX decisions_taken_back ON decisions (takes_back) WHERE takes_back IS NOT NULL")


_MIGRATIONS = (
    _m001_library,
    _m002_citations,
    _m003_screening,
    _m004_notes,
    _m005_confirmed_merges,
    _m006_departed,
    _m007_taken_back,
)
_NAMES = tuple(step.__name__.removeprefix("_") for step in _MIGRATIONS)


def missing(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether migrations have to run.

    Raises:
        LibraryError: the file is another program's, or a newer litsearch's.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "_sqlite_migrations" not in tables:
        if tables:
            raise LibraryError(
                f"{path}: the file is a database, but not a library of litsearch.",
                "Choose another folder with --library.",
            )
        return True
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (_SET,))
    applied = {name for (name,) in rows}
    if applied - set(_NAMES):
        raise LibraryError(f"{path}: the library was written by a newer litsearch.", "Upgrade litsearch.")
    return len(applied) < len(_NAMES)


def migrate(connection: sqlite3.Connection) -> None:
    """Run what is missing, as one transaction: of two processes that come at once, one waits."""
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(_SET)
    for name, step in zip(_NAMES, _MIGRATIONS, strict=True):
        migrations(name=name)(step)
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(connection))
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")
