"""The stages of a run in their order: plan, search, judge, distill, again for a second round, then compose
and verify. A step that fails does so alone: it says so, and the program does what the model did not."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from litsearch.agent import expand, extract, retrieve
from litsearch.agent.attempts import Attempts, Emit
from litsearch.agent.compose import compose, compose_of_quotes
from litsearch.agent.coverage import extent
from litsearch.agent.distill import distill, numbered
from litsearch.agent.events import (
    Answered,
    Distilled,
    Dropped,
    Failed,
    Judged,
    Planned,
    Searched,
    Sentence,
    Verified,
)
from litsearch.agent.inquiry import Inquiry, Reader
from litsearch.agent.judge import judge
from litsearch.agent.references import number_references
from litsearch.agent.state import State
from litsearch.agent.verify import check, entail
from litsearch.errors import RunError
from litsearch.papers import StoredPaper

Earlier = Mapping[tuple[int, str, str], Searched]
"""Searches of an earlier attempt at the run, by round and planned query: an index that changed meanwhile
must not change what the model is asked."""

A_ROUND = 20  # papers judged in one round, at most
UNCOMPARED = "not compared with its quotes by a model"
WEAK = 5  # papers of the topic alone that are read where none is relevant


class Stages:
    """Carries one question through. ``ending`` is why it came to an end early, empty while it has not."""

    def __init__(self, inquiry: Inquiry, state: State, emit: Emit, earlier: Earlier) -> None:
        self._inquiry = inquiry
        self._question = inquiry.question
        self._reader = inquiry.reader
        self._state = state
        self._emit = emit
        self._steps = Attempts(emit)
        self._earlier = earlier
        self._tried: set[int] = set()  # papers that were to be judged
        self._opened: set[int] = set()  # papers that were to be distilled
        self.ending = ""

    async def read(self) -> None:
        """Everything up to a verified draft.

        Raises BudgetError where the budget is spent, a fatal ModelError where the model is out of reach:
        what there is by then stands in the state.
        """
        rounds = self._inquiry.settings.rounds
        for number in range(1, rounds + 1):
            if len(self._tried) >= self._inquiry.settings.max_papers:
                self._end_at_limit()
                break
            planned = await self._plan(number)
            if planned is None or not planned.queries:
                break
            await self._search(planned)
            await self._judge(rounds - number + 1)
            await self._distill(self._state.relevant())
        if not self._state.findings:
            await self._distill(self._state.relevant(1)[:WEAK])
        if not self._reader:
            await self._extract(self._state.relevant())
        await self._compose()

    async def answer(self, ending: str) -> Answered:
        """The end: what there is, checked, with how much was looked at."""
        state = self._state
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
            question=self._question,
            sentences=sentences,
            findings=findings,
            references=number_references(sentences, findings, papers),
            extent=extent(state),
            complete=not ending,
            ending=ending,
        )
        await self._emit(answered)
        return answered

    async def _plan(self, number: int) -> Planned | None:
        state, reader = self._state, self._reader
        planned = None
        if reader:
            asked = (
                expand.plan(reader, self._question)
                if number == 1
                else expand.plan_gaps(reader, self._question, state.queries, state.findings, number)
            )
            planned = await self._steps.alone("plan", asked)
        if planned is None and number == 1:
            planned = expand.plan_by_program(self._question)
        elif planned is None and state.relevant():
            planned = expand.plan_gaps_by_program(self._question, number)
        if planned:
            await self._emit(planned)
        await self._spent()
        return planned

    async def _search(self, planned: Planned) -> None:
        like = [judged.id for judged in self._state.relevant()]
        before = len(self._state.searched)
        for query in planned.queries:
            known = self._state.found
            searched = self._earlier.get((planned.round, query.text, query.purpose))
            if searched is None:
                search = retrieve.search(self._inquiry, planned, query, known, like)
                searched = await self._steps.alone("search", search)
            if searched:
                await self._emit(searched)
        if planned.round == 1 and len(self._state.searched) == before:
            raise RunError(
                "None of the searches could be made", "See the failures above; litsearch index verify"
            )

    async def _judge(self, rounds: int) -> None:
        """Judge what was found; the papers that may still be judged are shared among ``rounds`` to come."""
        settings = self._inquiry.settings
        found = retrieve.pool(self._state.searched)
        waiting = [paper for paper in found if paper not in self._tried][:A_ROUND]
        share = math.ceil((settings.max_papers - len(self._tried)) / rounds)
        batch = waiting[:share]
        self._tried.update(batch)
        if len(batch) < len(waiting) and len(self._tried) >= settings.max_papers:
            self._end_at_limit()
        papers = await self._inquiry.papers(batch)
        reader = self._reader
        if reader:
            work = [judge(reader, self._question, paper) for paper in papers]
            if not await self._steps.each("judge", work, self._emit) and papers:
                await self._emit(
                    Failed("judge", "the model judged none of the papers", "The run goes on without it.")
                )
                self._reader = reader = None
        if not reader:
            for judged in await self._steps.alone("judge", extract.judge_all(self._inquiry, papers)) or []:
                await self._emit(judged)
        await self._spent()

    def _end_at_limit(self) -> None:
        most = self._inquiry.settings.max_papers
        self.ending = f"the limit of {most:,} judged {'paper' if most == 1 else 'papers'} is reached"

    async def _distill(self, relevant: Sequence[Judged]) -> None:
        """Have the model read the papers; where it gives no quote that holds, the program picks some."""
        reader = self._reader
        ids = [judged.id for judged in relevant if judged.id not in self._opened]
        if not reader or not ids:
            return
        self._opened.update(ids)
        papers = await self._inquiry.papers(ids)
        work = [distill(reader, self._question, paper) for paper in papers]
        await self._steps.each("distill", work, self._number)
        await self._spent()
        silent = [judged for judged in relevant if judged.id in ids and self._gave_nothing(judged.id)]
        await self._extract(silent, part=1.0)  # beside a model's findings, only what is clearly to the point

    async def _number(self, distilled: Distilled) -> None:
        await self._emit(numbered(distilled, len(self._state.findings) + 1))

    def _gave_nothing(self, paper: int) -> bool:
        """The step failed, or every quote did. A model that finds nothing to say is believed."""
        distilled = self._state.distilled.get(paper)
        return distilled is None or bool(distilled.dropped and not distilled.findings)

    async def _extract(self, relevant: Sequence[Judged], *, part: float = extract.SENTENCE) -> None:
        """Evidence picked by program from papers that gave none yet."""
        quoted = {finding.quote.id for finding in self._state.findings}
        papers = await self._inquiry.papers(judged.id for judged in relevant if judged.id not in quoted)
        if papers:
            first = len(self._state.findings) + 1
            picked = await self._steps.alone(
                "distill", extract.distill_all(self._inquiry, papers, first, part=part)
            )
            for distilled in picked or []:
                await self._emit(distilled)

    async def _compose(self) -> None:
        state, reader = self._state, self._reader
        if not state.findings:
            return
        if reader:
            drafted = await self._steps.alone("compose", compose(reader, self._question, state.findings))
            if drafted:
                await self._emit(drafted)
                await self._verify(drafted.sentences, reader)
                if not state.verified:
                    await self._emit(
                        Failed("compose", "no sentence of the model's answer passed the checks", "")
                    )
        if not state.verified:
            await self._quote()  # without a model, or where it gave nothing that holds
        await self._spent()

    async def _quote(self) -> None:
        """An answer made of the quotes themselves."""
        findings = self._state.findings
        if findings:
            papers = await self._papers_of_findings()
            drafted = compose_of_quotes(findings, papers)
            await self._emit(drafted)
            await self._emit(Verified(drafted.sentences, ()))

    async def _verify(self, drafted: Sequence[Sentence], reader: Reader | None) -> None:
        """Check a model's draft, then have the model compare each sentence with its quotes."""
        findings = self._state.findings
        sentences, dropped = check(drafted, findings, await self._papers_of_findings(), self._question)
        outcome: dict[int, Sentence | Dropped] = {}

        async def compare(at: int, sentence: Sentence, reader: Reader) -> tuple[int, Sentence | Dropped]:
            return at, await entail(reader, sentence, findings)

        async def keep(verdict: tuple[int, Sentence | Dropped]) -> None:
            outcome[verdict[0]] = verdict[1]

        try:
            if reader:
                await self._steps.each(
                    "verify", [compare(n, s, reader) for n, s in enumerate(sentences)], keep
                )
        finally:  # where the run is stopped or the budget spent, verdicts so far still count
            results = [outcome.get(n, replace(s, note=UNCOMPARED)) for n, s in enumerate(sentences)]
            kept = tuple(result for result in results if isinstance(result, Sentence))
            refused = tuple(result for result in results if isinstance(result, Dropped))
            await self._emit(Verified(kept, dropped + refused))

    async def _papers_of_findings(self) -> dict[int, StoredPaper]:
        ids = dict.fromkeys(finding.quote.id for finding in self._state.findings)
        return {stored.id: stored for stored in await self._inquiry.papers(ids)}

    async def _spent(self) -> None:
        if self._inquiry.reader:
            await self._emit(self._inquiry.reader.budget.spent())
