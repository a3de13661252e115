"""Bringing legs up to their source: batch by batch, under the writer's lock, safe to kill at any instant."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from indexes.damage import reading
from indexes.errors import HintedError
from indexes.lock import writing
from indexes.types import Change, Leg, OnProgress, Progress, Source

QUICK_BATCH = 20_000  # changes a commit, where indexing runs at thousands a second; 10,000 cost a tenth more
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
    ahead: dict[int, Sequence[Change]] = {}  # batches by the revision they start after
    with ThreadPoolExecutor(len(legs), thread_name_prefix="indexing") as threads:
        while at_work:
            with writer.locked():
                batches = _batches(source, at_work, batch, ahead, failures)
                jobs = {leg: threads.submit(_apply, leg, changes) for leg, changes in batches.items()}
                try:
                    # Read the next batches meanwhile, in this thread: the source may be bound to it.
                    ends = {changes[-1].revision for changes in batches.values()}
                    ahead = {end: source.changes(end, batch) for end in ends}
                    wait_for(jobs.values())
                finally:
                    wait_for(jobs.values())  # even when interrupted: the lock must cover every write
            failures.update((leg, error) for leg, job in jobs.items() if (error := job.result()) is not None)
            at_work = [leg for leg in jobs if leg not in failures]
            _tell(writer, source, at_work)
    return failures


def _batches(
    source: Source,
    legs: Sequence[Leg],
    batch: int,
    ahead: Mapping[int, Sequence[Change]],
    failures: dict[Leg, HintedError],
) -> dict[Leg, Sequence[Change]]:
    """The next changes of each leg that is behind.

    What was read ahead is used only where the leg still stands there: another process may have brought
    it further.
    """
    batches: dict[int, Sequence[Change]] = {}
    found: dict[Leg, Sequence[Change]] = {}
    for leg in legs:
        try:
            with reading(leg.name):
                after = leg.coverage().revision
        except HintedError as error:
            failures[leg] = error
            continue
        if after not in batches:
            batches[after] = ahead.get(after) or source.changes(after, batch)
        if batches[after]:
            found[leg] = batches[after]
    return found


def _apply(leg: Leg, changes: Sequence[Change]) -> HintedError | None:
    try:
        with reading(leg.name):
            try:
                leg.apply(changes, changes[-1].revision)
            finally:
                leg.close()
    except HintedError as error:
        return error
    return None


def _tell(writer: Writer, source: Source, legs: Sequence[Leg]) -> None:
    if writer.on_progress is not None:
        latest = source.revision()
        for leg in legs:
            done = min(leg.coverage().revision, latest)
            writer.on_progress(Progress(f"indexing {leg.name}", done, latest))
