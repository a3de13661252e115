"""The searching stages of a run: plan, search, judge. A step that fails does so alone: it says so, and the
program does what the model did not."""

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from litsearch.agent import allocation, expand, extract, neighbours, retrieve, stopping
from litsearch.agent.abbreviations import abbreviations
from litsearch.agent.course import Course
from litsearch.agent.events import Event, Failed, Planned, PlannedQuery, Searched
from litsearch.agent.judge import judge
from litsearch.agent.pseudo_answers import pseudo_answers
from litsearch.errors import RunError
from litsearch.papers import StoredPaper

A_ROUND = 20  # papers that a round judges, where it finds as many; more where the limit has room
_WIDENING = 10  # papers whose words widen the question
_INTRODUCING = 50  # papers whose abbreviations are looked at


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier attempt at the run planned by program, by round, and found, by round and query: an
    index that changed meanwhile must not change what the model is asked."""

    planned: Mapping[int, Planned]
    searched: Mapping[tuple[int, str, str], Searched]

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Earlier":
        """Each search by the query that was planned for it: searches follow their plan, in its order."""
        planned: dict[int, Planned] = {}
        found: dict[tuple[int, str, str], Searched] = {}
        waiting: list[tuple[int, str, str]] = []
        for event in events:
            if isinstance(event, Planned):
                waiting = [(event.round, query.text, query.purpose) for query in event.queries]
                if event.planner == "program":
                    planned[event.round] = event
            elif isinstance(event, Searched):
                while waiting and waiting[0][2] != event.purpose:  # a search that failed has no event
                    waiting.pop(0)
                if waiting:
                    found[waiting.pop(0)] = event
        return cls(planned, found)


class Gathering:
    """Finds papers and judges them. ``ending`` is why that came to an end early, empty while it has not."""

    def __init__(self, course: Course, earlier: Earlier) -> None:
        self._course = course
        self._earlier = earlier
        self._made = dict(earlier.searched)  # searches that need not be made again
        self._tried: set[int] = set()  # papers that were to be judged
        self._seeds: list[int] = []  # relevant papers that drove the last feedback
        self._enough = False
        self.ending = ""

    async def round(self, number: int) -> bool:
        """Plan, search and judge once; False where there is nothing left to do."""
        settings = self._course.inquiry.settings
        if self._enough:
            return False
        if len(self._tried) >= self._most():
            self._end_at_limit()
            return False
        planned = await self._plan(number)
        if not planned.queries:
            return False
        await self._search(planned)
        await self._judge(settings.rounds - number + 1)
        return True

    async def consult(self, planned: Planned, question: str, most: int) -> list[int]:
        """Search for a doubt about the draft, and have at most so many new papers judged on ``question``, as
        far as the limit allows; what the search found, best first."""
        course = self._course
        before = len(course.state.searched)
        await course.emit(planned)
        await self._search(planned)
        found = [paper.id for each in course.state.searched[before:] for paper in each.found]
        room = min(most, course.inquiry.settings.max_papers - len(self._tried))
        batch = [paper for paper in found if paper not in self._tried][: max(0, room)]
        self._tried.update(batch)
        await self._judge_batch(await course.inquiry.papers(batch), question)
        return found

    def _most(self) -> int:
        """Papers that the rounds may judge: a model's draft is doubted afterwards, and that finds more."""
        most = self._course.inquiry.settings.max_papers
        return most - most // 4 if self._course.inquiry.reader else most

    async def _plan(self, number: int) -> Planned:
        planned = await (self._plan_first() if number == 1 else self._plan_next(number))
        if number == 1 and self._course.state.continued:
            planned = replace(planned, queries=(*planned.queries, *await self._feedback()))
        if planned.queries or planned.planner == "model":
            await self._course.emit(planned)
        await self._course.spent()
        return planned

    async def _plan_first(self) -> Planned:
        course = self._course
        reader, question, settings = course.reader, course.question, course.inquiry.settings
        planned = None
        if course.inquiry.queries:
            return self._noted(expand.plan_by_user(question, course.inquiry.queries))
        if reader:
            planned = await course.steps.alone("plan", expand.plan(reader, question, settings.queries))
        if planned is None:
            return self._earlier.planned.get(1) or self._noted(await self._plan_by_program())
        planned = self._noted(planned)
        if reader and settings.pseudo_answers:
            work = pseudo_answers(reader, question, settings.pseudo_answers)
            supposed = await course.steps.alone("plan", work) or []
            return Planned(1, (*planned.queries, *supposed), "model", planned.notes)
        return planned

    def _noted(self, planned: Planned) -> Planned:
        """With what was understood of the question's conditions."""
        conditions = self._course.inquiry.conditions
        return replace(planned, notes=(*(conditions.notes if conditions else ()), *planned.notes))

    async def _plan_next(self, number: int) -> Planned:
        """What is missing, if a model says so, and what the papers held relevant lead to."""
        course = self._course
        state, reader, question = course.state, course.reader, course.question
        missing: list[PlannedQuery] | None = None
        if reader:
            most = course.inquiry.settings.queries
            work = expand.plan_gaps(reader, question, state.queries, state.findings, most)
            missing = await course.steps.alone("plan", work)
        feedback = await self._feedback()
        return Planned(number, (*(missing or ()), *feedback), "program" if missing is None else "model")

    async def _feedback(self) -> list[PlannedQuery]:
        """Searches that the papers held relevant drive, where these are others than the last time."""
        course = self._course
        seeds = [judged.id for judged in course.state.relevant()]
        known, self._seeds = self._seeds, seeds
        if not seeds or seeds == known:
            return []
        citations = await asyncio.to_thread(neighbours.knows_citations, course.inquiry.library)
        return expand.plan_feedback(course.question, citations=citations)

    async def _plan_by_program(self) -> Planned:
        """By the abbreviations that the papers introduce which the question finds, and widened by their words
        where any of the first is on its topic: else those words lead anywhere."""
        course = self._course
        found = await self._asked()
        documents = await asyncio.to_thread(course.inquiry.library.documents, found[:_INTRODUCING])
        names = abbreviations(document.text for document in documents.values())
        first = await course.inquiry.papers(found[:_WIDENING])
        judged = await extract.judge_all(course.inquiry, first)
        widened = any(each.relevance for each in judged)
        return expand.plan_by_program(course.question, course.inquiry.about, names, widened=widened)

    async def _asked(self) -> list[int]:
        """The papers that the question finds, best first; the search is not made again."""
        asked = PlannedQuery(self._course.question, expand.ASKED)
        plan = Planned(1, (asked,), "program")
        key = (1, asked.text, asked.purpose)
        if key not in self._made:
            search = retrieve.search(self._course.inquiry, plan, asked, (), ())
            searched = await self._course.steps.alone("search", search)
            if searched is None:
                return []
            self._made[key] = searched
        return [found.id for found in self._made[key].found]

    async def _search(self, planned: Planned) -> None:
        course = self._course
        like = [judged.id for judged in course.state.relevant()]
        before, failed = len(course.state.searched), len(course.state.failures)
        for query in planned.queries:
            known = course.state.found
            searched = self._made.get((planned.round, query.text, query.purpose))
            if searched is None:
                search = retrieve.search(course.inquiry, planned, query, known, like)
                searched = await course.steps.alone("search", search)
            if searched:
                await course.emit(searched)
        if planned.round == 1 and len(course.state.searched) == before:
            first = course.state.failures[failed]  # not one of an earlier attempt at this run
            raise RunError(
                f"None of the searches could be made: {first.message}",
                first.hint or "See what is wrong: litsearch index verify",
            )

    async def _judge(self, rounds: int) -> None:
        """Judge what was found, in growing batches, until it is enough or this round's share is used: the
        papers that may still be judged are shared among ``rounds`` to come."""
        course = self._course
        settings, searched = course.inquiry.settings, course.state.searched
        waiting = [paper for paper in retrieve.pool(searched) if paper not in self._tried]
        most = self._most()
        share = min(math.ceil((most - len(self._tried)) / rounds), len(waiting))
        usual = A_ROUND * most // settings.max_papers
        if share < min(usual, len(waiting)) and len(self._tried) + share >= most:
            self._end_at_limit()
        found = [[paper.id for paper in each.found] for each in searched]
        for size in allocation.sizes(share):
            relevant = {each.id: each.is_relevant for each in course.state.judged.values()}
            waiting = [paper for paper in waiting if paper not in self._tried]
            batch = allocation.choose(found, waiting, relevant, size, settings.seed)
            self._tried.update(batch)
            await self._judge_batch(await course.inquiry.papers(batch), course.question)
            await course.spent()
            if self._is_enough():
                self._enough = True
                break

    async def _judge_batch(self, papers: Sequence[StoredPaper], question: str) -> None:
        course = self._course
        reader = course.reader
        if reader:
            work = [judge(reader, question, paper) for paper in papers]
            if not await course.steps.each("judge", work, course.emit) and papers:
                await course.emit(
                    Failed("judge", "the model judged none of the papers", "The run goes on without it.")
                )
                course.reader = reader = None
        if not reader:
            for judged in await course.steps.alone("judge", extract.judge_all(course.inquiry, papers)) or []:
                await course.emit(judged)

    def _is_enough(self) -> bool:
        """By the judgements of a model; a program's cost nothing, and say too little to stop by."""
        state = self._course.state
        judged = list(state.judged.values())
        if not judged or any(each.judge == "program" for each in judged):
            return False
        before = {found.id for each in state.searched[:-1] for found in each.found}
        newest = [each.is_relevant for each in judged if each.id not in before]
        flags = [each.is_relevant for each in judged]
        return len(flags) < len(state.found) and stopping.enough(flags, len(state.found), newest)

    def _end_at_limit(self) -> None:
        self.ending = limit_reached(self._course.inquiry.settings.max_papers)


def limit_reached(most: int) -> str:
    """Why a run ended that had judged as many papers as it may: it did all that it was to do."""
    return f"the limit of {most:,} judged {'paper' if most == 1 else 'papers'} is reached"
