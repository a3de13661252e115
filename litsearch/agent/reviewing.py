"""The stages of a review after its answer: an outline of the claims, then a section at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from litsearch.agent import outline
from litsearch.agent.checking import verify
from litsearch.agent.compose import as_draft, compose_of_quotes
from litsearch.agent.course import Course
from litsearch.agent.events import Failed, Finding, Heading, Outlined, Section, Sectioned, Verified
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import ComposeReply

QUOTES = 12  # of one section that is made of quotes


class Reviewing:
    """Writes the review of one question. What a model does not do the program does, in the papers' words."""

    def __init__(self, course: Course) -> None:
        self._course = course

    async def write(self) -> None:
        """All of it. Raises BudgetError, and ModelError where that ends the run."""
        reader = self._course.reader
        for heading in await self._outline(reader):
            await self._write(heading, reader)
            await self._course.spent()

    async def finish(self) -> None:
        """The rest of it without a model."""
        done = {section.claims for section in self._course.state.sections}
        for heading in await self._outline(None):
            if heading.claims not in done:
                await self._quote(heading)

    async def _outline(self, reader: Reader | None) -> tuple[Heading, ...]:
        course = self._course
        state = course.state
        if state.outline:
            return state.outline
        idf = course.inquiry.index.idf
        headings = await asyncio.to_thread(
            outline.by_program, state.claims, state.findings, course.question, idf
        )
        if reader and len(state.claims) > 1:
            work = outline.outline(reader, course.question, state.claims)
            reply = await course.steps.alone("outline", work)
            if reply:
                papers = await course.papers_of_findings()
                headings = outline.checked(reply, state.claims, state.findings, papers)
        await course.emit(Outlined(headings))
        return headings

    async def _write(self, heading: Heading, reader: Reader | None) -> None:
        """A section written from its own evidence, every sentence checked like those of an answer."""
        course = self._course
        reply = None
        if reader:
            work = reader.ask(
                "section",
                ComposeReply,
                step="section",
                question=course.question,
                title=heading.title,
                findings=reader.findings(self._evidence(heading)),
            )
            reply = await course.steps.alone("section", work)
        if not reply:
            await self._quote(heading)
            return

        async def keep(verified: Verified) -> None:
            if verified.sentences:
                section = Section(heading.title, heading.claims, verified.sentences)
                await course.emit(Sectioned(section, verified.dropped, verified.attribution))
                return
            message = f"no sentence of “{heading.title}” passed the checks"
            await course.emit(Failed("section", message, "Its quotes stand in their place."))
            await self._quote(heading, verified)

        own = {finding.number for finding in self._evidence(heading)}
        drafted = [
            replace(sentence, findings=tuple(number for number in sentence.findings if number in own))
            for sentence in as_draft(reply).sentences
        ]
        await verify(course, drafted, reader, keep)

    async def _quote(self, heading: Heading, refused: Verified | None = None) -> None:
        """A section made of its quotes."""
        papers = await self._course.papers_of_findings()
        drafted = compose_of_quotes(self._evidence(heading), papers, most=QUOTES)
        section = Section(heading.title, heading.claims, drafted.sentences)
        dropped, said = (refused.dropped, refused.attribution) if refused else ((), None)
        await self._course.emit(Sectioned(section, dropped, said))

    def _evidence(self, heading: Heading) -> Sequence[Finding]:
        state = self._course.state
        claims = [claim for claim in state.claims if claim.number in heading.claims]
        numbers = {number for claim in claims for number in claim.findings}
        return [finding for finding in state.findings if finding.number in numbers]
