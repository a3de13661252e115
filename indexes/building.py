"""Bringing legs up to their source: batch by batch, under the writer's lock, safe to kill at any instant."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from indexes.errors import HintedError
from indexes.lock import writing
from indexes.types import Change, Leg, OnProgress, Progress, Source

QUICK_BATCH = 10_000  # changes a commit, where indexing runs at thousands a second
SLOW_BATCH = 128  # where a neural network encodes: a few seconds of the lock


@dataclass(slots=True)
class Writer:
    """How to write to an index folder: whom to tell, and how long to wait for another writer (seconds)."""

    folder: Path
    on_progress: OnProgress | None = None
    wait: float = 10.0
    on_wait: Callable[[], None] | None = None
    _told: bool = field(default=False, init=False)

    def locked(self) -> AbstractContextManager[None]:
        return writing(self.folder, wait=self.wait, on_wait=self._wait)

    def _wait(self) -> None:
        if self.on_wait is not None and not self._told:
            self._told = True
            self.on_wait()


def catch_up(writer: Writer, source: Source, legs: Sequence[Leg], batch: int) -> dict[Leg, HintedError]:
    """Apply the source's changes to all legs, side by side, until none is left.

    A leg that fails stops alone; their errors come back. When interrupted, the batches at work
    are finished first, so that every leg stands at a commit.
    """
    at_work = list(legs)
    failures: dict[Leg, HintedError] = {}
    ahead: dict[int, Sequence[Change]] = {}
    with ThreadPoolExecutor(len(legs), thread_name_prefix="indexing") as threads:
        while at_work:
            with writer.locked():
                jobs, ahead = _apply_next(threads, source, at_work, batch, ahead)
            at_work = []
            for leg, job in jobs:
                try:
                    job.result()
                    at_work.append(leg)
                except HintedError as error:
                    failures[leg] = error
                except OSError as error:
                    failures[leg] = _not_written(leg, error)
            _tell(writer, source, at_work)
    return failures


def _apply_next(
    threads: ThreadPoolExecutor,
    source: Source,
    legs: Sequence[Leg],
    batch: int,
    ahead: dict[int, Sequence[Change]],
) -> tuple[list[tuple[Leg, Future[None]]], dict[int, Sequence[Change]]]:
    """One batch for each leg that is behind, and, read meanwhile, the batches after those.

    Batches are named by the revision they start after; what was read ahead is used only where the leg
    still stands there, since another process may have brought it further.
    """
    batches: dict[int, Sequence[Change]] = {}
    jobs: list[tuple[Leg, Future[None]]] = []
    try:
        for leg in legs:
            after = leg.coverage().revision
            if after not in batches:
                batches[after] = ahead.get(after) or source.changes(after, batch)
            if batches[after]:
                jobs.append((leg, threads.submit(_apply, leg, batches[after])))
        ends = {changes[-1].revision for changes in batches.values() if changes}
        next_batches = {end: source.changes(end, batch) for end in ends}  # the source stays in this thread
        wait_for([job for _, job in jobs])
    finally:
        wait_for([job for _, job in jobs])  # even when interrupted: the lock must cover every write
    return jobs, next_batches


def _apply(leg: Leg, changes: Sequence[Change]) -> None:
    try:
        leg.apply(changes, changes[-1].revision)
    finally:
        leg.close()


def _tell(writer: Writer, source: Source, legs: Sequence[Leg]) -> None:
    if writer.on_progress is not None:
        latest = source.revision()
        for leg in legs:
            done = min(leg.coverage().revision, latest)
            writer.on_progress(Progress(f"indexing {leg.name}", done, latest))


def _not_written(leg: Leg, error: OSError) -> HintedError:
    return HintedError(
        f"The {leg.name} index can't be written: {error.strerror or error}.",
        "When there is room and the folder may be written to, run `litsearch index update`; nothing is lost.",
    )
