"""What a review may spend in all, shared among what is at work at once, so that it is never overdrawn."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from litsearch.agent.events import Spent
from litsearch.errors import BudgetError

_NOTHING = Spent(0, 0, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """What one piece of work may use. None is no limit."""

    calls: int
    cost: float | None  # US dollars
    seconds: float | None


class Purse:
    """Lends shares and takes back what was not used. Used from one event loop; the clock starts here."""

    def __init__(self, spent: Spent, *, calls: int | None, cost: float | None, seconds: float | None) -> None:
        """``spent`` is what the review has cost already; the time is that of this attempt."""
        self._calls = sys.maxsize if calls is None else calls - spent.calls
        self._cost = None if cost is None else cost - (spent.cost or 0.0)
        self._until = None if seconds is None else time.monotonic() + seconds
        self._lent = 0
        self._changed = asyncio.Condition()

    @property
    def seconds(self) -> float | None:
        """Left, never below 0."""
        return None if self._until is None else max(0.0, self._until - time.monotonic())

    @asynccontextmanager
    async def share(self, most: Share) -> AsyncIterator["Loan"]:
        """A share of at most so much. Waits while all is lent; the borrower says what it used.

        Raises BudgetError where there is nothing left.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self._has_room(most) or not self._lent)
            self._check(most)
            calls = min(most.calls, self._calls)
            cost = _least(most.cost, self._cost)
            self._lent += 1
            self._take(calls, cost)
        loan = Loan(Share(calls, cost, _least(most.seconds, self.seconds)))
        try:
            yield loan
        finally:
            async with self._changed:
                self._lent -= 1
                self._take(loan.used.calls - calls, (loan.used.cost or 0.0) - (cost or 0.0))
                self._changed.notify_all()

    def _has_room(self, most: Share) -> bool:
        """For the whole share: part of one is lent only where nobody can give more back."""
        return self._calls >= min(most.calls, 1) and (
            self._cost is None or self._cost >= (0.0 if most.cost is None else most.cost)
        )

    def _check(self, most: Share) -> None:
        if self.seconds == 0:
            raise BudgetError("the time limit of the review is reached", "Resume it with a larger one")
        if most.calls and self._calls <= 0:
            raise BudgetError("the limit of model calls of the review is reached", "Resume with more")
        if self._cost is not None and self._cost <= 0 and most.calls:
            raise BudgetError("the cost limit of the review is reached", "Resume it with a higher one")

    def _take(self, calls: int, cost: float | None) -> None:
        self._calls -= calls
        if self._cost is not None:
            self._cost -= cost or 0.0


@dataclass(slots=True)
class Loan:
    """A share that was lent, with what was used of it so far."""

    share: Share
    used: Spent = _NOTHING


def _least(*values: float | None) -> float | None:
    return min((value for value in values if value is not None), default=None)
