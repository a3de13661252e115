"""An answer from findings: written by a model, or put together from the quotes themselves."""

from collections.abc import Mapping, Sequence

from litsearch.agent.events import Drafted, Finding, Sentence
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import ComposeReply
from litsearch.agent.verify import RETRACTED, without_markers
from litsearch.papers import StoredPaper

MOST_QUOTES = 6  # of an answer made of quotes


async def compose(reader: Reader, question: str, findings: Sequence[Finding]) -> Drafted:
    """A model's draft; nothing of it is checked yet. Raises ModelError and BudgetError."""
    shown = reader.findings(findings)
    reply = await reader.ask("compose", ComposeReply, step="compose", question=question, findings=shown)
    return as_draft(reply)


def as_draft(reply: ComposeReply) -> Drafted:
    """A model's sentences as they came, without citation marks of its own."""
    return Drafted(
        tuple(
            Sentence(without_markers(sentence.text), tuple(sentence.findings), "unverified")
            for sentence in reply.sentences
        )
    )


def compose_of_quotes(
    findings: Sequence[Finding], papers: Mapping[int, StoredPaper], *, most: int = MOST_QUOTES
) -> Drafted:
    """An answer in the papers' own words: one quote a sentence, those that disagree included.

    Quotes of litsearch's own summaries say so. ``papers`` are the quoted ones by id.
    """
    kept = [finding for finding in findings if finding.quote.id in papers]
    return Drafted(tuple(_quoted(finding, papers) for finding in _chosen(kept, most)))


def _chosen(findings: Sequence[Finding], most: int) -> list[Finding]:
    """The first finding of each paper, then second ones; contradicting ones come before the limit cuts."""
    turns: dict[int, int] = {}
    order: list[tuple[int, int]] = []
    for at, finding in enumerate(findings):
        turn = turns.get(finding.quote.id, 0)
        turns[finding.quote.id] = turn + 1
        order.append((turn if finding.stance != "contradicts" else -1, at))
    return [findings[at] for _, at in sorted(sorted(order)[:most], key=lambda item: item[1])]


def _quoted(finding: Finding, papers: Mapping[int, StoredPaper]) -> Sentence:
    text = f"“{' '.join(finding.quote.text.split())}”"
    if finding.quote.is_summary:
        text = f"litsearch's summary of “{papers[finding.quote.id].paper.title}” says: {text}"
    return Sentence(text, (finding.number,), "quoted", RETRACTED if finding.strength.retracted else "")
