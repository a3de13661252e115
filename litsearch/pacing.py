"""How often a server is asked: so many calls at once, and none while it has asked for a pause."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

USUAL_WAIT = 60.0  # seconds; a server that asks for more is not waited for


class Pacing:
    """Shared by all models of a batch that ask one server, so that ``at_once`` holds for all together, and
    one that is told to wait makes the others wait too. Used from one event loop."""

    def __init__(self, at_once: int, longest_wait: float = USUAL_WAIT) -> None:
        self.longest_wait = longest_wait
        self._slots = asyncio.Semaphore(at_once)
        self._paused_until = 0.0  # monotonic

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Room for one call, its retries included."""
        async with self._slots:
            left = self._paused_until - time.monotonic()
            if left > 0:
                await asyncio.sleep(left)
            yield

    def pause(self, seconds: float) -> None:
        """The server asked to be left alone for so long: calls that have not begun wait."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)
