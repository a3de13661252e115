"""What a run may spend: calls, dollars and seconds."""

import time
from dataclasses import dataclass

from litsearch.agent.events import Spent
from litsearch.errors import BudgetError


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and price of one call. ``cost`` is in US dollars, None where the price is not known;
    ``estimated`` where the server did not count the tokens."""

    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    estimated: bool = False


class Budget:
    """Counts what a run spends and refuses the call that would go over. The clock starts here.

    Used from one thread, the event loop's. Failed calls are free, and so are replies from the cache.
    """

    def __init__(
        self, *, max_calls: int, max_cost: float | None = None, timeout: float | None = None
    ) -> None:
        self._max_calls = max_calls
        self._max_cost = max_cost
        self._timeout = timeout
        self._started = time.monotonic()
        self._held: list[float | None] = []  # what the calls on their way may cost
        self._calls = self._cached = self._prompt = self._completion = 0
        self._cost = 0.0
        self._unpriced = self._estimated = False

    def remaining(self) -> float | None:
        """Seconds left, never below 0; None where there is no time limit."""
        if self._timeout is None:
            return None
        return max(0.0, self._timeout - (time.monotonic() - self._started))

    def check_time(self) -> None:
        """Raises BudgetError once the time is over."""
        if self.remaining() == 0:
            raise BudgetError(f"the time limit of {self._timeout:g} s is reached", "Raise --timeout")

    def reserve(self, cost: float | None) -> None:
        """Make room for one call that may cost ``cost``; to be followed by :meth:`settle` or :meth:`release`.

        Raises:
            BudgetError: no room, or a cost limit is set and the price of the call is not known.
        """
        self.check_time()
        if self._calls + len(self._held) >= self._max_calls:
            raise BudgetError(f"the limit of {self._max_calls} model calls is reached", "Raise --max-calls")
        if self._max_cost is not None:
            if cost is None:
                raise BudgetError(
                    "the price of this model is not known, so a cost limit can't be kept",
                    "Limit the run by --max-calls instead of --max-cost",
                )
            if self._cost + sum(held or 0.0 for held in self._held) + cost > self._max_cost:
                raise BudgetError(
                    f"the next call may exceed the cost limit of ${self._max_cost:g}", "Raise --max-cost"
                )
        self._held.append(cost)

    def release(self, cost: float | None) -> None:
        """Give the room back: the call failed."""
        self._held.remove(cost)

    def settle(self, cost: float | None, usage: Usage) -> None:
        """Turn a reservation into what the call really took."""
        self._held.remove(cost)
        self._calls += 1
        self._prompt += usage.prompt_tokens
        self._completion += usage.completion_tokens
        self._cost += usage.cost or 0.0
        self._unpriced |= usage.cost is None
        self._estimated |= usage.estimated

    def count_cached(self) -> None:
        """A reply came from the cache."""
        self._cached += 1

    def spent(self) -> Spent:
        """What the run has cost so far; the cost is None as soon as one call's price is not known."""
        cost = None if self._unpriced else self._cost
        return Spent(self._calls, self._cached, self._prompt, self._completion, cost, self._estimated)
