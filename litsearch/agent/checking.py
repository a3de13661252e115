"""A draft checked: by program sentence by sentence, then each by a judge beside its quotes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from litsearch.agent.attribution import Compared, attribution, compare
from litsearch.agent.course import Course
from litsearch.agent.entailment import AskedModel, Entailment
from litsearch.agent.events import Dropped, Sentence, Verified
from litsearch.agent.inquiry import Reader
from litsearch.agent.verify import check

UNCOMPARED = "not compared with its quotes by a model"


async def verify(
    course: Course,
    drafted: Sequence[Sentence],
    reader: Reader | None,
    keep: Callable[[Verified], Awaitable[None]],
) -> None:
    """Check a model's draft and have each sentence compared with its quotes; ``keep`` gets the outcome.

    Where the run is stopped or the budget spent meanwhile, it gets the verdicts so far, and the error is
    raised after that.
    """
    findings = course.state.findings
    sentences, dropped = check(drafted, findings, await course.papers_of_findings(), course.question)
    quotes = {finding.number: finding.quote.text for finding in findings}
    judge: Entailment | None = course.inquiry.entailment or (AskedModel(reader) if reader else None)
    outcome: dict[int, Compared] = {}

    async def one(at: int, sentence: Sentence, judge: Entailment) -> tuple[int, Compared]:
        return at, await compare(judge, sentence, quotes)

    async def note(verdict: tuple[int, Compared]) -> None:
        outcome[verdict[0]] = verdict[1]

    try:
        if judge:
            work = [one(n, sentence, judge) for n, sentence in enumerate(sentences)]
            await course.steps.each("verify", work, note)
    finally:
        results = [
            outcome[n].kept if n in outcome else replace(s, note=s.note or UNCOMPARED)
            for n, s in enumerate(sentences)
        ]
        kept = tuple(result for result in results if isinstance(result, Sentence))
        refused = tuple(result for result in results if isinstance(result, Dropped))
        said = attribution(list(outcome.values()), judge.name if judge else "")
        await keep(Verified(kept, dropped + refused, said))
