"""A question that follows another one: it begins with the evidence of the earlier run and adds to it."""

import re
from dataclasses import replace

from litsearch.agent.events import Continued, Finding
from litsearch.agent.inquiry import Reader
from litsearch.agent.ledger import Ledger
from litsearch.agent.question import LONGEST
from litsearch.agent.replies import FollowUpReply
from litsearch.agent.state import State
from litsearch.agent.wording import telling
from litsearch.library import Library

_LEANS = re.compile(
    r"^\W*(?:and|but|or|so|also|then|what\s+about|how\s+about|what\s+else|why(?:\s+not)?\W*$)\b"
    r"|\b(?:it|its|they|their|them|this|these|those|ones?|former|latter|instead)\b",
    re.IGNORECASE,
)
_FEW = 2  # telling words; a question with fewer says too little to be searched by itself


def evidence(ledger: Ledger, library: Library, run: str) -> Continued:
    """What a run that continues the named one begins with: its findings and the papers that it held relevant,
    as far as the library still has them as they were quoted. Raises RunError where there is no such run.
    """
    record = ledger.run(run)
    state = State()
    for event in ledger.events(record.id):
        state.apply(event)
    relevant = state.relevant()
    wanted = {finding.quote.id for finding in state.findings} | {judged.id for judged in relevant}
    papers = {stored.id: stored for stored in library.papers(sorted(wanted))}

    def stands(finding: Finding) -> bool:
        quote = finding.quote
        if quote.id not in papers:
            return False
        return bool(getattr(papers[quote.id].paper, quote.field)[quote.start : quote.end] == quote.text)

    return Continued(
        run=record.id,
        question=record.question,
        asked="",
        judged=tuple(judged for judged in relevant if judged.id in papers),
        findings=tuple(finding for finding in state.findings if stands(finding)),
    )


async def reworded(reader: Reader, earlier: str, question: str) -> str:
    """The question, complete in itself, in a model's words. Raises ModelError and BudgetError."""
    reply = await reader.ask("follow_up", FollowUpReply, step="plan", earlier=earlier, question=question)
    text = " ".join(reply.question.split())
    return text if telling(text) and len(text) <= LONGEST else together(earlier, question)


def together(earlier: str, question: str) -> str:
    """The question by itself where it can stand alone, else after the earlier one."""
    leans = bool(_LEANS.search(question)) or len(telling(question)) < _FEW
    return f"{earlier} {question}"[-LONGEST:] if leans else question


def towards(continued: Continued, asked: str) -> Continued:
    """The same evidence for what is asked now. Where that is another question, nobody has judged yet what
    the quotes say to it."""
    if asked.casefold() == continued.question.casefold():
        return replace(continued, asked=asked)
    findings = tuple(replace(finding, stance="unjudged") for finding in continued.findings)
    return replace(continued, asked=asked, findings=findings)
