"""The one lock of an index folder's writers. Reading never takes it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from indexes.errors import IndexBusyError

LOCK_NAME = "write.lock"
PAUSE = 0.05  # seconds between two tries


@contextmanager
def writing(folder: Path, *, wait: float = 10.0, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the writer's lock of a folder; the system frees it when the process is killed.

    ``on_wait`` is called once, as soon as another writer is found at work; after ``wait`` seconds
    IndexBusyError is raised.
    """
    from filelock import FileLock, Timeout  # 0.16 s with asyncio, and only writers need it

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait is not None:
            on_wait()
        started = time.monotonic()
        try:
            lock.acquire(timeout=max(wait, 0.0), poll_interval=PAUSE)
        except Timeout:
            waited = time.monotonic() - started
            raise IndexBusyError(
                f"Another process is writing to the index in {folder}; gave up after {waited:.0f} s.",
                "Nothing is lost: run `litsearch index update` when the other process is done.",
            ) from None
    except OSError as error:
        raise IndexBusyError(
            f"The index in {folder} can't be locked for writing: {error.strerror or error}.",
            "Check that you may write to this folder.",
        ) from error
    try:
        yield
    finally:
        lock.release()
