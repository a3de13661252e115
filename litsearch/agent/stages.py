"""The stages of a run in their order: plan, search, judge, distill, again for a second round, then compose
and verify."""

import asyncio
from dataclasses import replace

from litsearch.agent import follow_up
from litsearch.agent.attempts import Emit
from litsearch.agent.conditions import conditions
from litsearch.agent.course import Course
from litsearch.agent.events import Answered, Continued
from litsearch.agent.gathering import Earlier, Gathering
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.proving import Proving
from litsearch.agent.state import State


class Stages:
    """Carries one question through."""

    def __init__(
        self,
        inquiry: Inquiry,
        state: State,
        emit: Emit,
        earlier: Earlier,
        continued: Continued | None = None,
    ) -> None:
        self._inquiry = inquiry
        self._continued = continued
        self._course = Course(inquiry, state, emit)
        self._gathering = Gathering(self._course, earlier)
        self._proving = Proving(self._course, self._gathering)

    @property
    def ending(self) -> str:
        """Why the run came to an end early, empty while it has not."""
        return self._gathering.ending

    async def read(self) -> None:
        """Everything up to a verified draft.

        Raises BudgetError where the budget is spent, a fatal ModelError where the model is out of reach:
        what there is by then stands in the state.
        """
        if self._continued:
            await self._begin(self._continued)
        self._course.inquiry = await asyncio.to_thread(_narrowed, self._course.inquiry)
        for number in range(1, self._inquiry.settings.rounds + 1):
            if not await self._gathering.round(number):
                break
            await self._proving.distill()
        await self._proving.compose()

    async def _begin(self, continued: Continued) -> None:
        """Take over the evidence of an earlier run, and complete the question by the earlier one."""
        course, question = self._course, self._inquiry.question
        asked = None
        if course.reader and question != continued.question:
            work = follow_up.reworded(course.reader, continued.question, question)
            asked = await course.steps.alone("plan", work)
        asked = asked or follow_up.together(continued.question, question)
        course.inquiry = replace(self._inquiry, question=asked)
        await course.emit(follow_up.towards(continued, asked))

    async def answer(self, ending: str) -> Answered:
        """The end: what there is, checked, with how much was looked at."""
        return await self._proving.answer(ending)


def _narrowed(inquiry: Inquiry) -> Inquiry:
    """With the years and the venue that the question asks for as a filter."""
    found = conditions(inquiry.question, inquiry.filters, inquiry.library, inquiry.index)
    return replace(inquiry, filters=found.filters, conditions=found)
