"""Language models, through litellm (being written; the interface stands)."""

from typing import TypeVar

from pydantic import BaseModel

from litsearch.agent.budget import Budget
from litsearch.agent.ledger import Ledger
from litsearch.config import Settings
from prompts import Prompt

T = TypeVar("T", bound=BaseModel)


class Model:
    """One model for one run: cached, retried, repaired, paid for, and at most ``concurrency`` calls at once.

    Making one starts to import litellm in a thread, which takes seconds; retrieval goes on meanwhile.
    """

    def __init__(self, settings: Settings, ledger: Ledger, budget: Budget, *, run: str = "") -> None:
        raise NotImplementedError

    async def ask(self, prompt: Prompt, reply_type: type[T], *, step: str) -> T:
        """The model's reply to a prompt.

        Raises:
            ModelError: no usable reply; that step failed, others may go on (``fatal`` where none will:
                a wrong key, an unknown model, no server).
            BudgetError: the budget does not allow the call.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections. Calls on their way must have ended or been cancelled."""
        raise NotImplementedError
