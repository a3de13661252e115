"""What the stages of a review work with."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from indexes.hybrid import HybridIndex
from litsearch.agent.attempts import at_once, ends_all
from litsearch.agent.budget import Budget
from litsearch.agent.events import Answered
from litsearch.agent.inquiry import Reader
from litsearch.agent.ledger import Ledger
from litsearch.config import Settings
from litsearch.errors import BudgetError, ModelError
from litsearch.library import Library
from litsearch.pacing import Pacing
from litsearch.review.events import ReviewEvent, Stage, StageBegun, Trouble
from litsearch.review.protocol import Protocol
from litsearch.review.purse import Purse, Share
from litsearch.review.state import State


@dataclass(frozen=True, slots=True)
class Earlier:
    """The review that is updated: what it knew, what it answered, and which papers are new, were changed or
    are gone since then."""

    state: State
    answers: Mapping[str, Answered]
    changed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt at a review."""

    id: str
    protocol: Protocol
    settings: Settings
    library: Library
    index: HybridIndex
    ledger: Ledger
    starter: bool
    state: State
    emit: Callable[[ReviewEvent], Awaitable[None]]
    purse: Purse
    pacing: Pacing
    stopping: asyncio.Event
    earlier: Earlier | None = None

    async def begin(self, stage: Stage, total: int, done: int = 0) -> None:
        await self.emit(StageBegun(stage, total, done))

    async def trouble(self, stage: Stage, message: str, hint: str = "") -> None:
        await self.emit(Trouble(stage, message, hint))

    async def each(self, stage: Stage, work: Sequence[Coroutine[None, None, ReviewEvent]]) -> None:
        """Do all at once and tell what comes of it, in the order given. One that fails does so alone.

        Raises the BudgetError or ModelError that ends the stage, after the others were told.
        """
        over: BudgetError | ModelError | None = None
        async with at_once(work) as tasks:
            for task in tasks:
                try:
                    event = await task
                except (BudgetError, ModelError) as error:
                    if ends_all(error):
                        over = over or error
                    else:
                        await self.trouble(stage, error.message, error.hint)
                    continue
                await self.emit(event)
        if over:
            raise over

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Reader]:
        """The model for a stage, with all that is left of the budget.

        Raises BudgetError where nothing is left.
        """
        async with self.purse.share(Share(sys.maxsize, None, None)) as loan:
            share = loan.share
            budget = Budget(max_calls=share.calls, max_cost=share.cost, timeout=share.seconds)
            reader = await asyncio.to_thread(
                Reader.open,
                self.settings,
                self.library,
                self.ledger,
                budget,
                run=self.id,
                pacing=self.pacing,
            )
            try:
                yield reader
            finally:
                loan.used = budget.spent()
                await reader.close()
