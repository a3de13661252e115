import pytest

from litsearch.agent.budget import Budget, Usage
from litsearch.agent.events import Spent
from litsearch.errors import BudgetError


def spend(budget: Budget, cost: float | None, *, expected: float | None = 0.0, tokens: int = 10) -> None:
    budget.reserve(expected)
    budget.settle(expected, Usage(tokens, 1, cost))


def test_what_was_spent_adds_up() -> None:
    budget = Budget(max_calls=10)
    spend(budget, 0.5)
    spend(budget, 0.25)
    budget.count_cached()
    assert budget.spent() == Spent(2, 1, 20, 2, 0.75)


def test_the_cost_is_unknown_once_one_price_is() -> None:
    budget = Budget(max_calls=10)
    spend(budget, 0.5)
    spend(budget, None)
    assert budget.spent().cost is None


def test_a_budget_may_allow_no_call_at_all() -> None:
    with pytest.raises(BudgetError, match="0 model calls"):
        Budget(max_calls=0).reserve(None)


def test_calls_on_their_way_count() -> None:
    budget = Budget(max_calls=2)
    budget.reserve(None)
    budget.reserve(None)
    with pytest.raises(BudgetError, match="2 model calls"):
        budget.reserve(None)


def test_a_failed_call_gives_its_room_back() -> None:
    budget = Budget(max_calls=1, max_cost=1.0)
    budget.reserve(0.9)
    budget.release(0.9)
    budget.reserve(0.9)
    assert budget.spent().calls == 0


def test_the_next_call_must_fit_into_the_cost_limit() -> None:
    budget = Budget(max_calls=10, max_cost=1.0)
    spend(budget, 0.6, expected=0.5)
    budget.reserve(0.2)
    with pytest.raises(BudgetError, match=r"\$1"):
        budget.reserve(0.3)


def test_a_cost_limit_needs_a_known_price() -> None:
    with pytest.raises(BudgetError, match="price") as refused:
        Budget(max_calls=10, max_cost=1.0).reserve(None)
    assert "--max-calls" in refused.value.hint


def test_no_call_after_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("litsearch.agent.budget.time.monotonic", lambda: now)
    budget = Budget(max_calls=10, timeout=5)
    now = 104.0
    assert budget.remaining() == 1
    budget.reserve(None)
    now = 106.0
    assert budget.remaining() == 0
    with pytest.raises(BudgetError, match="time limit of 5 s"):
        budget.reserve(None)


def test_without_a_time_limit_nothing_remains_to_be_counted() -> None:
    assert Budget(max_calls=1).remaining() is None
