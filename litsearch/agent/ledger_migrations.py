"""How runs.db came to its shape: one function a step, only ever appended to.

Imports sqlite_utils, which takes 0.4 s: only the ledger imports this, and only where a step is due.
"""

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations


def migrate(connection: sqlite3.Connection) -> None:
    """Apply and record the steps that are due, all or none of them."""
    migrations = Migrations("ledger")
    for step in STEPS:
        migrations()(step)
    # Takes the writer's lock first, so that of two processes at once one migrates and the other waits.
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def m001_runs_events_and_calls(db: Database) -> None:
    db.execute(
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            question TEXT NOT NULL,
            settings TEXT NOT NULL,
            model TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            status TEXT NOT NULL CHECK (status IN ('running', 'complete', 'stopped', 'failed'))
        )
        """
    )
    db.execute(
        """
        CREATE TABLE events (
            run TEXT NOT NULL REFERENCES runs (id),
            number INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            type TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (run, number)
        ) WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE calls (
            key TEXT PRIMARY KEY,
            run TEXT NOT NULL,
            step TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt TEXT NOT NULL,
            request TEXT NOT NULL,
            reply TEXT NOT NULL,
            ending TEXT NOT NULL,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            estimated INTEGER NOT NULL,
            cost REAL,
            made_at TEXT NOT NULL
        )
        """
    )


def m002_reviews(db: Database) -> None:
    db.execute(
        """
        CREATE TABLE reviews (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            protocol TEXT NOT NULL,
            settings TEXT NOT NULL,
            parent TEXT REFERENCES reviews (id),
            started_at TEXT NOT NULL
        )
        """
    )
    db.execute(
        """
        CREATE TABLE review_events (
            review TEXT NOT NULL REFERENCES reviews (id),
            number INTEGER NOT NULL,
            at TEXT NOT NULL,
            type TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (review, number)
        ) WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX calls_by_run ON calls (run)")


STEPS = (m001_runs_events_and_calls, m002_reviews)
