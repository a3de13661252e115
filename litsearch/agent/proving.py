"""The proving stages of a run: distill, compose, verify. A step that fails does so alone: it says so, and the
program does what the model did not."""

from collections.abc import Sequence
from dataclasses import replace

from litsearch.agent import extract
from litsearch.agent.compose import compose, compose_of_quotes
from litsearch.agent.course import Course
from litsearch.agent.coverage import extent
from litsearch.agent.distill import distill, numbered
from litsearch.agent.events import Answered, Distilled, Dropped, Failed, Judged, Sentence, Verified
from litsearch.agent.inquiry import Reader
from litsearch.agent.references import number_references
from litsearch.agent.verify import check, entail
from litsearch.papers import StoredPaper

UNCOMPARED = "not compared with its quotes by a model"
WEAK = 5  # papers of the topic alone that are read where none is relevant


class Proving:
    """Takes evidence from the relevant papers and makes an answer that it bears out."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._opened: set[int] = set()  # papers that were to be distilled

    async def distill(self) -> None:
        """Have the model read the relevant papers that it has not read yet."""
        await self._distill(self._course.state.relevant())

    async def compose(self) -> None:
        """A verified draft from the evidence, which the program picks where no model does."""
        state = self._course.state
        if not state.findings:
            await self._distill(state.relevant(1)[:WEAK])
        if not self._course.reader:
            await self._extract(state.relevant())
        await self._compose()

    async def answer(self, ending: str) -> Answered:
        """The end: what there is, checked, with how much was looked at."""
        state = self._course.state
        if state.verified is None:
            if state.drafted:
                await self._verify(state.drafted, None)
            elif ending and not state.findings:
                await self._extract(state.relevant())
            if not state.verified:
                await self._quote()
        sentences = state.verified or ()
        findings = tuple(state.findings)
        papers = await self._papers_of_findings()
        answered = Answered(
            question=self._course.question,
            sentences=sentences,
            findings=findings,
            references=number_references(sentences, findings, papers),
            extent=extent(state),
            complete=not ending,
            ending=ending,
        )
        await self._course.emit(answered)
        return answered

    async def _distill(self, relevant: Sequence[Judged]) -> None:
        """Have the model read the papers; where it gives no quote that holds, the program picks some."""
        course = self._course
        reader = course.reader
        ids = [judged.id for judged in relevant if judged.id not in self._opened]
        if not reader or not ids:
            return
        self._opened.update(ids)
        papers = await course.inquiry.papers(ids)
        work = [distill(reader, course.question, paper) for paper in papers]
        await course.steps.each("distill", work, self._number)
        await course.spent()
        silent = [judged for judged in relevant if judged.id in ids and self._gave_nothing(judged.id)]
        await self._extract(silent, part=1.0)  # beside a model's findings, only what is clearly to the point

    async def _number(self, distilled: Distilled) -> None:
        await self._course.emit(numbered(distilled, len(self._course.state.findings) + 1))

    def _gave_nothing(self, paper: int) -> bool:
        """The step failed, or every quote did. A model that finds nothing to say is believed."""
        distilled = self._course.state.distilled.get(paper)
        return distilled is None or bool(distilled.dropped and not distilled.findings)

    async def _extract(self, relevant: Sequence[Judged], *, part: float = extract.SENTENCE) -> None:
        """Evidence picked by program from papers that gave none yet."""
        course = self._course
        quoted = {finding.quote.id for finding in course.state.findings}
        papers = await course.inquiry.papers(judged.id for judged in relevant if judged.id not in quoted)
        if papers:
            first = len(course.state.findings) + 1
            picked = await course.steps.alone(
                "distill", extract.distill_all(course.inquiry, papers, first, part=part)
            )
            for distilled in picked or []:
                await course.emit(distilled)

    async def _compose(self) -> None:
        course = self._course
        state, reader = course.state, course.reader
        if not state.findings:
            return
        if reader:
            drafted = await course.steps.alone("compose", compose(reader, course.question, state.findings))
            if drafted:
                await course.emit(drafted)
                await self._verify(drafted.sentences, reader)
                if not state.verified:
                    await course.emit(
                        Failed("compose", "no sentence of the model's answer passed the checks", "")
                    )
        if not state.verified:
            await self._quote()  # without a model, or where it gave nothing that holds
        await course.spent()

    async def _quote(self) -> None:
        """An answer made of the quotes themselves."""
        findings = self._course.state.findings
        if findings:
            papers = await self._papers_of_findings()
            drafted = compose_of_quotes(findings, papers)
            await self._course.emit(drafted)
            await self._course.emit(Verified(drafted.sentences, ()))

    async def _verify(self, drafted: Sequence[Sentence], reader: Reader | None) -> None:
        """Check a model's draft, then have the model compare each sentence with its quotes."""
        course = self._course
        findings = course.state.findings
        sentences, dropped = check(drafted, findings, await self._papers_of_findings(), course.question)
        outcome: dict[int, Sentence | Dropped] = {}

        async def compare(at: int, sentence: Sentence, reader: Reader) -> tuple[int, Sentence | Dropped]:
            return at, await entail(reader, sentence, findings)

        async def keep(verdict: tuple[int, Sentence | Dropped]) -> None:
            outcome[verdict[0]] = verdict[1]

        try:
            if reader:
                await course.steps.each(
                    "verify", [compare(n, s, reader) for n, s in enumerate(sentences)], keep
                )
        finally:  # where the run is stopped or the budget spent, verdicts so far still count
            results = [outcome.get(n, replace(s, note=UNCOMPARED)) for n, s in enumerate(sentences)]
            kept = tuple(result for result in results if isinstance(result, Sentence))
            refused = tuple(result for result in results if isinstance(result, Dropped))
            await course.emit(Verified(kept, dropped + refused))

    async def _papers_of_findings(self) -> dict[int, StoredPaper]:
        ids = dict.fromkeys(finding.quote.id for finding in self._course.state.findings)
        return {stored.id: stored for stored in await self._course.inquiry.papers(ids)}
