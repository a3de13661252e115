"""The stages of a run in their order: plan, search, judge, distill, again for a second round, then compose
and verify."""

from dataclasses import replace

from litsearch.agent.attempts import Emit
from litsearch.agent.constraints import constraints
from litsearch.agent.course import Course
from litsearch.agent.events import Answered
from litsearch.agent.gathering import Earlier, Gathering
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.proving import Proving
from litsearch.agent.state import State


class Stages:
    """Carries one question through."""

    def __init__(self, inquiry: Inquiry, state: State, emit: Emit, earlier: Earlier) -> None:
        narrowed = constraints(inquiry.question).over(inquiry.filters)
        course = Course(replace(inquiry, filters=narrowed), state, emit)
        self._rounds = inquiry.settings.rounds
        self._gathering = Gathering(course, earlier)
        self._proving = Proving(course, self._gathering)

    @property
    def ending(self) -> str:
        """Why the run came to an end early, empty while it has not."""
        return self._gathering.ending

    async def read(self) -> None:
        """Everything up to a verified draft.

        Raises BudgetError where the budget is spent, a fatal ModelError where the model is out of reach:
        what there is by then stands in the state.
        """
        for number in range(1, self._rounds + 1):
            if not await self._gathering.round(number):
                break
            await self._proving.distill()
        await self._proving.compose()

    async def answer(self, ending: str) -> Answered:
        """The end: what there is, checked, with how much was looked at."""
        return await self._proving.answer(ending)
