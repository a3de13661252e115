"""The proving stages of a run: distill, group, compose, widen, verify. A step that fails does so alone: it
says so, and the program does what the model did not."""

import asyncio
from collections.abc import Sequence

from indexes.passages import alike
from litsearch.agent import claims, extract, reviews, widening
from litsearch.agent.checking import verify
from litsearch.agent.compose import compose, compose_of_quotes
from litsearch.agent.course import Course
from litsearch.agent.coverage import extent
from litsearch.agent.distill import distill, numbered
from litsearch.agent.events import (
    Answered,
    Check,
    Distilled,
    Drafted,
    Failed,
    Grouped,
    Judged,
    Sentence,
    Verified,
    Widened,
)
from litsearch.agent.evidence import MOST_PASSAGES
from litsearch.agent.gathering import Gathering
from litsearch.agent.inquiry import Reader
from litsearch.agent.references import number_references
from litsearch.agent.reviewing import Reviewing
from litsearch.agent.verify import check

IN_REVIEW = 24  # passages that the program picks for a review
WEAK = 5  # papers of the topic alone that are read where none is relevant


class Proving:
    """Takes evidence from the relevant papers and makes an answer that it bears out."""

    def __init__(self, course: Course, gathering: Gathering) -> None:
        self._course = course
        self._gathering = gathering
        self._reviewing = Reviewing(course)
        self._opened: set[int] = set()  # papers that were to be distilled

    async def distill(self) -> None:
        """Have the model read the relevant papers that it has not read yet."""
        await self._distill(self._course.state.relevant(), self._course.question)

    async def compose(self) -> None:
        """A verified draft from the evidence, which the program picks where no model does."""
        course = self._course
        if not course.state.own:
            await self._distill(course.state.relevant(1)[:WEAK], course.question)
        if not course.reader:
            await self._extract(course.state.relevant())
        if course.state.findings:
            await self._compose()
            if course.inquiry.review:
                await self._group(course.reader)
                await self._reviewing.write()

    async def answer(self, ending: str) -> Answered:
        """The end: what there is, checked, with how much was looked at."""
        state = self._course.state
        if state.verified is None:
            if state.drafted:
                await verify(self._course, state.drafted, None, self._course.emit)
            elif ending and not state.own:
                await self._extract(state.relevant())
            if not state.verified:
                await self._quote()
        await self._group(None)
        wanted = self._course.inquiry.review
        if wanted and state.findings:
            await self._reviewing.finish()
        sentences = state.verified or ()
        cited = [*sentences, *(each for section in state.sections for each in section.sentences)]
        findings = tuple(state.findings)
        papers = await self._course.papers_of_findings()
        looked = extent(state)
        review = reviews.review(state.sections, findings, state.claims, looked.statement) if wanted else None
        answered = Answered(
            question=self._course.question,
            sentences=sentences,
            findings=findings,
            references=number_references(cited, findings, papers),
            extent=looked,
            complete=not ending,
            ending=ending,
            claims=state.claims,
            attribution=state.attribution,
            review=review,
        )
        await self._course.emit(answered)
        return answered

    async def _distill(self, relevant: Sequence[Judged], question: str) -> None:
        """Have the model read the papers; where it gives no quote that holds, the program picks some."""
        course = self._course
        reader = course.reader
        ids = [judged.id for judged in relevant if judged.id not in self._opened]
        if not reader or not ids:
            return
        self._opened.update(ids)
        papers = await course.inquiry.papers(ids)
        await course.steps.each(
            "distill", [distill(reader, question, paper) for paper in papers], self._number
        )
        await course.spent()
        silent = [judged for judged in relevant if judged.id in ids and self._gave_nothing(judged.id)]
        await self._extract(silent, part=1.0)  # beside a model's findings, only what is clearly to the point

    async def _number(self, distilled: Distilled) -> None:
        await self._course.emit(numbered(distilled, self._course.state.next_number))

    def _gave_nothing(self, paper: int) -> bool:
        """The step failed, or every quote did. A model that finds nothing to say is believed."""
        distilled = self._course.state.distilled.get(paper)
        return distilled is None or bool(distilled.dropped and not distilled.findings)

    async def _extract(self, relevant: Sequence[Judged], *, part: float = extract.SENTENCE) -> None:
        """Evidence picked by program from papers that gave none yet."""
        course = self._course
        quoted = {finding.quote.id for finding in course.state.own}
        papers = await course.inquiry.papers(judged.id for judged in relevant if judged.id not in quoted)
        if papers:
            first = course.state.next_number
            most = IN_REVIEW if course.inquiry.review else MOST_PASSAGES
            picked = await course.steps.alone(
                "distill", extract.distill_all(course.inquiry, papers, first, part=part, most=most)
            )
            for distilled in picked or []:
                await course.emit(distilled)

    async def _group(self, reader: Reader | None) -> None:
        """Findings by what they claim, unless that is known of all of them."""
        course = self._course
        findings = course.state.findings
        grouped = {number for claim in course.state.claims for number in claim.findings}
        if grouped == {finding.number for finding in findings}:
            return
        texts = [finding.quote.text for finding in findings]
        similarity = await asyncio.to_thread(alike, course.inquiry.index, texts)
        found = claims.by_words(findings, similarity)
        if reader and len(findings) > 1:
            work = claims.group(reader, course.question, findings)
            reply = await course.steps.alone("group", work)
            if reply:
                papers = await course.papers_of_findings()
                found = claims.checked(reply, findings, papers, similarity)
        await course.emit(Grouped(found))

    async def _compose(self) -> None:
        course = self._course
        state, reader = course.state, course.reader
        if reader:
            drafted = await course.steps.alone("compose", compose(reader, course.question, state.findings))
            if drafted:
                await course.emit(drafted)
                drafted = await self._widen(reader, drafted)
                await self._group(reader)
                await verify(course, drafted.sentences, reader, course.emit)
                if not state.verified:
                    await course.emit(
                        Failed("compose", "no sentence of the model's answer passed the checks", "")
                    )
        if not state.verified:
            await self._quote()  # without a model, or where it gave nothing that holds
        await course.spent()

    async def _widen(self, reader: Reader, drafted: Drafted) -> Drafted:
        """Doubt the draft by questions of its own, and revise it by what they bring."""
        course = self._course
        work = widening.doubts(reader, course.question, drafted.sentences)
        doubts = await course.steps.alone("widen", work)
        if not doubts:
            return drafted
        before = {finding.quote.id for finding in course.state.findings}
        first = 1 + max(planned.round for planned in course.state.searched)
        checks = [await self._check(reader, doubt, number) for number, doubt in enumerate(doubts, first)]
        after = dict.fromkeys(finding.quote.id for finding in course.state.findings)
        await course.emit(Widened(tuple(checks), tuple(paper for paper in after if paper not in before)))
        revised = None
        if any(each.findings for each in checks):
            work_ = widening.revise(reader, course.question, drafted.sentences, checks, course.state.findings)
            revised = await course.steps.alone("revise", work_)
        if not revised or not revised.sentences:
            return drafted
        await course.emit(revised)
        return revised

    async def _check(self, reader: Reader, doubt: widening.Doubt, number: int) -> Check:
        """One doubt, searched and answered on its own evidence."""
        course = self._course
        state = course.state
        focused = widening.focused(course.question, doubt)
        judged = len(state.judged)
        found = set(
            await self._gathering.consult(widening.planned(doubt, number), focused, widening.NEW_PAPERS)
        )
        new = [each for each in list(state.judged.values())[judged:] if each.is_relevant]
        await self._distill(new, focused)
        own = [finding for finding in state.findings if finding.quote.id in found]
        answer: tuple[Sentence, ...] = ()
        if own:
            drafted = await course.steps.alone("widen", compose(reader, doubt.question, own))
            papers = await self._course.papers_of_findings()
            answer, _ = check(drafted.sentences if drafted else (), own, papers, doubt.question)
        await course.spent()
        return Check(
            question=doubt.question,
            sentence=doubt.sentence,
            papers=len(state.judged) - judged,
            findings=tuple(finding.number for finding in own),
            answer=answer,
        )

    async def _quote(self) -> None:
        """An answer made of the quotes themselves, those that were taken for this question."""
        findings = self._course.state.own
        if findings:
            papers = await self._course.papers_of_findings()
            drafted = compose_of_quotes(findings, papers)
            await self._course.emit(drafted)
            await self._course.emit(Verified(drafted.sentences, ()))
