"""SQLite connections of one library: a reader for each thread, and one writer behind a lock."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litsearch import migrations
from litsearch.errors import LibraryError

_WAIT = 30.0  # seconds for another process to end its transaction
_WRITER_CACHE = 64 * 1024  # KiB, so that the indexes a batch touches at random stay in memory
_WAL_PAGES = 16 * 1024  # 64 MiB before a checkpoint: at the default of 4 MiB every batch would wait for one


def write_ahead(connection: sqlite3.Connection) -> None:
    """Journal mode WAL. SQLite does not wait for other processes at this switch, whatever the timeout."""
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


class Connections:
    """Readers are one to a thread, so that searches in threads never wait for each other or for the writer.

    Args:
        path: The database file.
        create: Whether to create it where it is absent.

    Raises:
        LibraryError: the file is absent, unreadable, or not a library.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self._path = path
        self._place = path.resolve()  # where it is, wherever the process goes
        self._local = threading.local()
        self._opened: list[tuple[sqlite3.Connection, threading.RLock]] = []
        self._writer: sqlite3.Connection | None = None
        self._writing = threading.RLock()
        if not path.exists():
            if not create:
                raise LibraryError(
                    f"{path.parent}: there is no library here.", "Add papers with `litsearch add PATH`."
                )
            self._make_folder()
        self._file: tuple[int, int] | None = None  # which file it is, once it was opened
        with self._explained():
            if migrations.missing(self._reader(), path):
                if not create and not path.stat().st_size:
                    raise LibraryError(f"{path}: the file is empty.", "Add papers with `litsearch add PATH`.")
                migrations.migrate(self._write_connection())
        self._file = self._which()

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """This thread's reader, for queries that all see one state of the library.

        Raises:
            LibraryError: the file is not the one that was opened any more, or it can't be read.
        """
        self._check()
        with self._explained(), self._reading():
            reader = self._reader()
            if reader.in_transaction:
                yield reader
                return
            reader.execute("BEGIN")
            try:
                yield reader
            finally:
                reader.execute("COMMIT")

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """The writer, inside a transaction that is rolled back on any error.

        ``durable`` waits for the disk (synchronous=FULL). With NORMAL a power cut could take back commits
        that an index has already applied, and their revisions would be given out again for other
        changes. Only what no index follows may do without.

        Raises:
            LibraryError: another process kept the library for longer than 30 seconds, the disk is full, or
                the file is not the one that was opened any more: what went there would be lost.
        """
        self._check()
        with self._writing, self._explained():
            writer = self._write_connection()
            writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections of every thread. The last process to close empties the log file.

        Waits until what each thread reads is read: to close a connection in use is to crash.
        """
        with self._writing:
            while self._opened:
                connection, reading = self._opened.pop()
                with reading:
                    connection.close()
            self._writer = None
            self._local = threading.local()

    def _check(self) -> None:
        if self._which() != self._file:
            raise LibraryError(
                f"{self._path}: the library was moved, deleted or replaced while it was open.",
                "Put the file back, or leave litsearch and start it again.",
            )

    def _which(self) -> tuple[int, int] | None:
        try:
            found = self._place.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _make_folder(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"{self._path.parent}: the library's folder can't be made ({error.strerror}).",
                "Choose another folder with --library.",
            ) from error

    def _reading(self) -> threading.RLock:
        """This thread's lock, which it holds as long as it reads."""
        lock: threading.RLock | None = getattr(self._local, "reading", None)
        if lock is None:
            lock = self._local.reading = threading.RLock()
        return lock

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._local.reader = self._connect(self._reading())
        return connection

    def _write_connection(self) -> sqlite3.Connection:
        if self._writer is None:
            writer = self._connect(self._writing)
            write_ahead(writer)
            writer.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
            writer.execute(f"PRAGMA cache_size = -{_WRITER_CACHE}")
            writer.execute("PRAGMA foreign_keys = ON")
            self._writer = writer
        return self._writer

    def _connect(self, using: threading.RLock) -> sqlite3.Connection:
        # Closed by whichever thread closes the library; used by one alone.
        name = self._place.as_uri() + ("?immutable=1" if self._is_read_only() else "")
        connection = sqlite3.connect(
            name, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False
        )
        self._opened.append((connection, using))
        return connection

    def _is_read_only(self) -> bool:
        """Whether nobody writes and we may not: SQLite reads WAL files only beside a file that it makes."""
        log = self._path.with_name(f"{self._path.name}-wal")
        return self._path.exists() and not os.access(self._path.parent, os.W_OK) and not log.exists()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise _explain(self._path, error) from error


def _explain(path: Path, error: sqlite3.Error) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        code &= 0xFF  # the primary code of an extended one
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LibraryError(
                f"{path}: another process is writing and did not let go in {_WAIT:.0f} seconds.",
                "Wait for it to end, then try again.",
            )
        case sqlite3.SQLITE_NOTADB:
            return LibraryError(
                f"{path}: the file is not a database.", "Choose another folder with --library."
            )
        case sqlite3.SQLITE_FULL:
            return LibraryError(f"{path}: the disk is full.", "Make room, then run the command again.")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return LibraryError(
                f"{path}: the library can't be opened or written ({error}).",
                "Check who owns the folder and what it allows.",
            )
        case sqlite3.SQLITE_CORRUPT:
            return LibraryError(
                f"{path}: the library is damaged ({error}).",
                "Copy the folder first, then try SQLite's `.recover`, or add the files to a new library.",
            )
    return LibraryError(f"{path}: the library could not be read or written ({error}).")
