"""Progress on stderr: a bar on a terminal, else a line now and then; with rate and remaining time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from indexes.types import Progress
from litsearch.cli.screen import line, say

Meter = Callable[[Progress, float | None], None]
"""Called with how far the work is, and the part of it that is done (0 to 1) where counts do not say."""

_QUIET = 1.0  # seconds without a word: most work is done by then
_EVERY = 10.0  # seconds between lines where nobody looks at a terminal


@contextmanager
def metered() -> Iterator[Meter]:
    """A meter for one piece of work, cleared from the terminal when it is done."""
    if sys.stderr.isatty():
        with _bar() as meter:
            yield meter
    else:
        yield _lines()


@dataclass(frozen=True, slots=True)
class Pace:
    """What was done of a stage since its clock started: in how many seconds, how much, which part."""

    seconds: float
    done: int
    part: float


_NOTHING = Pace(0.0, 0, 0.0)


def told(progress: Progress, part: float | None, pace: Pace) -> str:
    """``indexing 12,000 of 50,000, 4,100/s, 9 s left``: what can be said of it."""
    words = f"{line(progress.stage)} {progress.done:,}"
    if progress.total is not None:
        words += f" of {progress.total:,}"
    if pace.seconds < _QUIET or not pace.done:
        return words
    words += f", {_rate(pace.done / pace.seconds)}"
    part = _part(progress, part)
    if part is not None and pace.part > 0 and part < 1:
        words += f", {_duration(pace.seconds * (1 - part) / pace.part)} left"
    return words


def _part(progress: Progress, part: float | None) -> float | None:
    if part is None and progress.total:
        return progress.done / progress.total
    return part


def _rate(per_second: float) -> str:
    if per_second < 1:
        return f"{60 * per_second:.1f} a minute"
    return f"{per_second:,.0f}/s" if per_second >= 10 else f"{per_second:.1f}/s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Clock:
    """The pace of each stage; stages may take turns. It starts with the first piece that is heard to be done:
    what is loaded before that, such as a model, says nothing of the pace."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[int, float]] = {}
        self._first: dict[str, tuple[float, int, float]] = {}

    def pace(self, progress: Progress, part: float | None) -> Pace:
        done = progress.done, _part(progress, part) or 0.0
        if done == self._heard.setdefault(progress.stage, done):
            return _NOTHING
        now = time.monotonic(), *done
        first = self._first.setdefault(progress.stage, now)
        return Pace(now[0] - first[0], now[1] - first[1], now[2] - first[2])


def _lines() -> Meter:
    clock = Clock()
    next_line = time.monotonic() + _EVERY

    def meter(progress: Progress, part: float | None) -> None:
        nonlocal next_line
        pace = clock.pace(progress, part)
        if time.monotonic() >= next_line:
            say(told(progress, part, pace))
            next_line = time.monotonic() + _EVERY

    return meter


@contextmanager
def _bar() -> Iterator[Meter]:
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    from litsearch.cli.screen import console

    clock = Clock()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=None))
    with Bars(*columns, console=console(stderr=True), transient=True, expand=True) as bars:
        task = bars.add_task("", total=None, visible=False)

        def meter(progress: Progress, part: float | None) -> None:
            known = _part(progress, part)
            bars.update(
                task,
                description=told(progress, part, clock.pace(progress, part)),
                completed=known or 0.0,
                total=None if known is None else 1.0,
                visible=True,
            )

        yield meter
