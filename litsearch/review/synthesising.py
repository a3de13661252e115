"""The stage synthesise: what the answers say together, written by a model from their findings alone."""

import asyncio
from collections.abc import Sequence

from litsearch.agent.compose import as_draft
from litsearch.agent.events import Finding
from litsearch.agent.replies import ComposeReply
from litsearch.agent.verify import check
from litsearch.errors import BudgetError, ModelError
from litsearch.review.events import Synthesised
from litsearch.review.result import QuestionResult, all_findings
from litsearch.review.work import Work
from prompts import PromptError


async def synthesise(work: Work, questions: Sequence[QuestionResult]) -> None:
    """Write and check the synthesis, unless there is one, or nothing to write it from."""
    findings = all_findings(questions)
    wanted = work.protocol.synthesis and work.settings.reading and len(questions) > 1
    if not wanted or not findings or work.state.synthesis is not None or work.stopping.is_set():
        return
    await work.begin("synthesise", 1)
    try:
        async with work.reader() as reader:
            reply = await reader.ask(
                "synthesise",
                ComposeReply,
                step="synthesise",
                title=work.protocol.title,
                answers=reader.fenced(_answers(questions)),
                findings=reader.findings(_shown(questions, findings)),
            )
    except (BudgetError, ModelError, PromptError) as error:
        await work.trouble("synthesise", error.message, error.hint)
        return
    papers = await asyncio.to_thread(work.library.papers, [finding.quote.id for finding in findings])
    topic = " ".join((work.protocol.title, *(each.question for each in questions)))
    kept, _ = check(as_draft(reply).sentences, findings, {paper.id: paper for paper in papers}, topic)
    await work.emit(Synthesised(kept))


def _answers(questions: Sequence[QuestionResult]) -> str:
    """Each question with its sentences, which name their findings by the numbers of the whole review."""
    lines, offset = [], 0
    for each in questions:
        if each.answered is None:
            continue
        numbers = {finding.number: offset + at for at, finding in enumerate(each.answered.findings, 1)}
        offset += len(numbers)
        said = " ".join(
            f"{sentence.text} ({', '.join(str(numbers[n]) for n in sentence.findings if n in numbers)})"
            for sentence in each.answered.sentences
        )
        lines.append(f"{each.question} {said or 'No evidence was found.'}")
    return "\n".join(lines)


def _shown(questions: Sequence[QuestionResult], findings: Sequence[Finding]) -> list[Finding]:
    """Those that the answers cite first, in turn over the questions: a prompt shows only so many."""
    ranked: list[tuple[int, int, int]] = []
    at = 0
    for each in questions:
        own = each.answered.findings if each.answered else ()
        cited = {
            n for sentence in (each.answered.sentences if each.answered else ()) for n in sentence.findings
        }
        order = sorted(range(len(own)), key=lambda place: (own[place].number not in cited, place))
        for turn, place in enumerate(order):
            ranked.append((own[place].number not in cited, turn, at + place))
        at += len(own)
    return [findings[place] for *_, place in sorted(ranked)]
