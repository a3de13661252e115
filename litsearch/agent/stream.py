"""Events from a task to whoever listens: each is kept before anyone sees it, in one order."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Generic, TypeVar

E = TypeVar("E")

WAITING = 64  # events that may wait for the listener before the task does


class Stream(Generic[E]):
    """``keep`` puts an event where it stays, and is never done for two at once."""

    def __init__(self, keep: Callable[[E], Awaitable[None]]) -> None:
        self._keep = keep
        self._queue: asyncio.Queue[E | None] = asyncio.Queue(WAITING)
        self._order = asyncio.Lock()
        self._heard = True

    async def events(self, conduct: Callable[[], Coroutine[None, None, None]]) -> AsyncGenerator[E, None]:
        """The events that ``conduct`` emits, until it ends the stream. Closing the iterator cancels it."""
        # A task of its own: a generator must not yield inside task groups or timeouts (PEP 789).
        task = asyncio.create_task(conduct())
        try:
            while (event := await self._queue.get()) is not None:
                yield event
        finally:
            self._heard = False
            while not self._queue.empty():  # whoever waits to put an event gets through
                self._queue.get_nowait()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def emit(self, event: E) -> None:
        """Keep the event, then show it. Whole, even where the step is cancelled."""
        await asyncio.shield(asyncio.ensure_future(self._record(event)))

    async def show(self, event: E) -> None:
        if self._heard:
            await self._queue.put(event)

    async def end(self) -> None:
        if self._heard:
            await self._queue.put(None)

    async def settled(self) -> None:
        """Goes on once an event that was on its way is kept."""
        async with self._order:
            pass

    async def _record(self, event: E) -> None:
        async with self._order:
            await self._keep(event)
            await self.show(event)
