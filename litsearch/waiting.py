"""Coroutines that are waited for by code that has no event loop."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import TypeVar

from litsearch.errors import RunError

Value = TypeVar("Value")


def wait_for(coroutine: Coroutine[None, None, Value], instead: str) -> Value:
    """Its value. Raises RunError with the hint ``instead`` where an event loop runs, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    coroutine.close()
    raise RunError("This call waits, which can't be done inside a running event loop", instead)


async def exhaust(events: AsyncGenerator[object, None]) -> None:
    """All of them, to nobody."""
    async with aclosing(events):
        async for _ in events:
            pass
