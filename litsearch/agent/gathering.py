"""The searching stages of a run: plan, search, judge. A step that fails does so alone: it says so, and the
program does what the model did not."""

import math
from collections.abc import Mapping

from litsearch.agent import expand, extract, retrieve
from litsearch.agent.course import Course
from litsearch.agent.events import Failed, Planned, Searched
from litsearch.agent.judge import judge
from litsearch.errors import RunError

Earlier = Mapping[tuple[int, str, str], Searched]
"""Searches of an earlier attempt at the run, by round and planned query: an index that changed meanwhile
must not change what the model is asked."""

A_ROUND = 20  # papers judged in one round, at most


class Gathering:
    """Finds papers and judges them. ``ending`` is why that came to an end early, empty while it has not."""

    def __init__(self, course: Course, earlier: Earlier) -> None:
        self._course = course
        self._earlier = earlier
        self._tried: set[int] = set()  # papers that were to be judged
        self.ending = ""

    async def round(self, number: int) -> bool:
        """Plan, search and judge once; False where there is nothing left to do."""
        settings = self._course.inquiry.settings
        if len(self._tried) >= settings.max_papers:
            self._end_at_limit()
            return False
        planned = await self._plan(number)
        if planned is None or not planned.queries:
            return False
        await self._search(planned)
        await self._judge(settings.rounds - number + 1)
        return True

    async def _plan(self, number: int) -> Planned | None:
        course = self._course
        state, question = course.state, course.question
        planned = None
        if course.reader:
            asked = (
                expand.plan(course.reader, question)
                if number == 1
                else expand.plan_gaps(course.reader, question, state.queries, state.findings, number)
            )
            planned = await course.steps.alone("plan", asked)
        if planned is None and number == 1:
            planned = expand.plan_by_program(question)
        elif planned is None and state.relevant():
            planned = expand.plan_gaps_by_program(question, number)
        if planned:
            await course.emit(planned)
        await course.spent()
        return planned

    async def _search(self, planned: Planned) -> None:
        course = self._course
        like = [judged.id for judged in course.state.relevant()]
        before = len(course.state.searched)
        for query in planned.queries:
            known = course.state.found
            searched = self._earlier.get((planned.round, query.text, query.purpose))
            if searched is None:
                search = retrieve.search(course.inquiry, planned, query, known, like)
                searched = await course.steps.alone("search", search)
            if searched:
                await course.emit(searched)
        if planned.round == 1 and len(course.state.searched) == before:
            raise RunError(
                "None of the searches could be made", "See the failures above; litsearch index verify"
            )

    async def _judge(self, rounds: int) -> None:
        """Judge what was found; the papers that may still be judged are shared among ``rounds`` to come."""
        course = self._course
        settings = course.inquiry.settings
        found = retrieve.pool(course.state.searched)
        waiting = [paper for paper in found if paper not in self._tried][:A_ROUND]
        share = math.ceil((settings.max_papers - len(self._tried)) / rounds)
        batch = waiting[:share]
        self._tried.update(batch)
        if len(batch) < len(waiting) and len(self._tried) >= settings.max_papers:
            self._end_at_limit()
        papers = await course.inquiry.papers(batch)
        reader = course.reader
        if reader:
            work = [judge(reader, course.question, paper) for paper in papers]
            if not await course.steps.each("judge", work, course.emit) and papers:
                await course.emit(
                    Failed("judge", "the model judged none of the papers", "The run goes on without it.")
                )
                course.reader = reader = None
        if not reader:
            for judged in await course.steps.alone("judge", extract.judge_all(course.inquiry, papers)) or []:
                await course.emit(judged)
        await course.spent()

    def _end_at_limit(self) -> None:
        most = self._course.inquiry.settings.max_papers
        self.ending = f"the limit of {most:,} judged {'paper' if most == 1 else 'papers'} is reached"
