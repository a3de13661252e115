"""Steps of a run that may fail, each alone and visibly."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from indexes.errors import HintedError
from litsearch.agent.events import Event, Failed
from litsearch.errors import BudgetError, ModelError
from prompts import PromptError

T = TypeVar("T")
Emit = Callable[[Event], Awaitable[None]]

_log = logging.getLogger(__name__)


class Attempts:
    """Runs steps; one that fails is an event. What ends the run (a spent budget, a model that is out of
    reach for good) is raised."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit

    async def alone(self, step: str, work: Awaitable[T]) -> T | None:
        """The result of one step; None where it failed, which is said. Raises what ends the run."""
        try:
            return await work
        except Exception as error:  # the boundary of a step: it fails alone, whatever is wrong with it
            if ends_all(error):
                raise
            await self._emit(failure(step, error))
            return None

    async def each(
        self, step: str, work: Sequence[Coroutine[None, None, T]], fold: Callable[[T], Awaitable[None]]
    ) -> int:
        """Do all at once and fold the results in the order they were asked for; how many there were.

        Raises what ends the run, after the others were folded.
        """
        succeeded = 0
        over: Exception | None = None
        async with at_once(work) as tasks:
            for task in tasks:
                try:
                    result = await task
                except Exception as error:  # noqa: BLE001 - the boundary of a step, as above
                    if ends_all(error):
                        over = over or error
                    else:
                        await self._emit(failure(step, error))
                    continue
                await fold(result)
                succeeded += 1
        if over:
            raise over
        return succeeded


@asynccontextmanager
async def at_once(work: Sequence[Coroutine[None, None, T]]) -> AsyncGenerator[list[asyncio.Task[T]], None]:
    """All of the work on its way, to be taken in its order; what is not done at the end is cancelled."""
    tasks = [asyncio.create_task(item) for item in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def failure(step: str, error: Exception, *, fatal: bool = False) -> Failed:
    """The event of a step that failed."""
    if isinstance(error, HintedError | PromptError):
        return Failed(step, error.message, error.hint, fatal)
    _log.error("the step %s failed", step, exc_info=error)
    return Failed(
        step, f"{type(error).__name__}: {error}", "This is a defect of litsearch; please report it.", fatal
    )


def ends_all(error: Exception) -> bool:
    """Whether no further step can do better: the budget is spent, or the model out of reach for good."""
    return isinstance(error, BudgetError) or (isinstance(error, ModelError) and error.fatal)
