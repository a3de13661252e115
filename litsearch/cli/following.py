"""Following work that tells of itself by events, and that the user may end early."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from typing import Protocol, TypeVar

from litsearch.cli.screen import say

E = TypeVar("E", covariant=True)
Told = TypeVar("Told")


class Work(Protocol[E]):
    """A run, or a review."""

    def events(self) -> AsyncGenerator[E, None]: ...

    def stop(self) -> None: ...


async def follow(
    work: Work[Told], tell: Callable[[Told], None], signals: Sequence[signal.Signals] = (signal.SIGINT,)
) -> bool:
    """Hands every event on; whether the user interrupted the work.

    The first of the signals (Ctrl-C) asks it to end with what there is, the second aborts it.
    """
    interrupted = False
    following = asyncio.current_task()

    def interrupt() -> None:
        nonlocal interrupted
        if interrupted and following is not None:
            following.cancel()
            return
        interrupted = True
        say("Ending with what there is; Ctrl-C again stops at once.")
        work.stop()

    for number in signals:
        with suppress(NotImplementedError):  # on Windows Ctrl-C stops at once
            asyncio.get_running_loop().add_signal_handler(number, interrupt)
    with suppress(asyncio.CancelledError):
        async with aclosing(work.events()) as events:
            async for event in events:
                tell(event)
    return interrupted
