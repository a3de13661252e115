"""Doubting a draft: verification questions, each searched and answered on its own evidence, then a revision.

After Dhuliawala et al., Chain-of-Verification, 2023, with retrieval for each question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litsearch.agent.compose import as_draft
from litsearch.agent.events import Check, Drafted, Finding, Planned, PlannedQuery, Sentence
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import ComposeReply, QuestionsReply
from litsearch.agent.wording import telling

MOST_DOUBTS = 3  # verification questions of one draft
NEW_PAPERS = 4  # judged for one of them
TO_VERIFY = "to verify"  # how the purpose of their searches begins


@dataclass(frozen=True, slots=True)
class Doubt:
    question: str
    sentence: str  # of the draft


async def doubts(reader: Reader, question: str, draft: Sequence[Sentence]) -> list[Doubt]:
    """Questions that could overturn a draft, none that asks what was asked already.

    Raises ModelError and BudgetError.
    """
    shown = reader.fenced("\n".join(f"[{n}] {sentence.text}" for n, sentence in enumerate(draft, 1)))
    reply = await reader.ask("questions", QuestionsReply, step="widen", question=question, draft=shown)
    asked = [telling(question)]
    found: list[Doubt] = []
    for each in reply.questions:
        words = telling(each.question)
        if words and words not in asked and len(found) < MOST_DOUBTS:
            asked.append(words)
            known = 1 <= each.sentence <= len(draft)
            doubted = draft[each.sentence - 1].text if known else ""
            found.append(Doubt(" ".join(each.question.split()), doubted))
    return found


def planned(doubt: Doubt, number: int) -> Planned:
    """The search that a doubt asks for, as a round of its own."""
    purpose = f"{TO_VERIFY}: {doubt.sentence}" if doubt.sentence else f"{TO_VERIFY} the draft"
    return Planned(number, (PlannedQuery(doubt.question, purpose),), "model")


def focused(question: str, doubt: Doubt) -> str:
    """What papers found for a doubt are read for: the question still, so that stances stay towards it."""
    return f"{question} In particular: {doubt.question}"


async def revise(
    reader: Reader,
    question: str,
    draft: Sequence[Sentence],
    checks: Sequence[Check],
    findings: Sequence[Finding],
) -> Drafted:
    """The answer anew, with what the doubts brought; unchecked. Raises ModelError and BudgetError."""
    reply = await reader.ask(
        "revise",
        ComposeReply,
        step="revise",
        question=question,
        draft=reader.fenced(_lines(draft)),
        checks=reader.fenced("\n".join(f"{check.question} {_answer(check)}" for check in checks)),
        findings=reader.findings(findings),
    )
    return as_draft(reply)


def _lines(sentences: Sequence[Sentence]) -> str:
    return "\n".join(f"{sentence.text} ({', '.join(map(str, sentence.findings))})" for sentence in sentences)


def _answer(check: Check) -> str:
    return _lines(check.answer) or "Nothing was found on it."
