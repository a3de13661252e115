"""What a relevant paper says on the question: findings, each with a quote that was checked."""

from dataclasses import replace

from litsearch.agent.events import Distilled, Dropped, Finding
from litsearch.agent.inquiry import Reader
from litsearch.agent.mentions import unfounded_mentions
from litsearch.agent.numbers import unsupported_numbers
from litsearch.agent.quotes import check_quote, find_words
from litsearch.agent.replies import DistillReply, FindingReply
from litsearch.agent.strength import strength
from litsearch.agent.windows import windows
from litsearch.agent.wording import only_repeats
from litsearch.errors import BudgetError, ModelError
from litsearch.papers import StoredPaper

MOST_FINDINGS = 3  # of one window
MOST_IN_ALL = 8  # of one paper


async def distill(reader: Reader, question: str, stored: StoredPaper) -> Distilled:
    """The paper's findings, numbered from 1, a long text read in windows.

    Raises ModelError and BudgetError where nothing was read; what was read before the model gave up counts.
    """
    found: list[FindingReply] = []
    for at, window in enumerate(windows(stored.paper.abstract, await reader.window_words())):
        try:
            reply = await reader.ask(
                "distill",
                DistillReply,
                step="distill",
                question=question,
                paper=reader.window(stored, window),
            )
        except (ModelError, BudgetError):
            if not at:
                raise
            break
        found += reply.findings[:MOST_FINDINGS]
    return checked(DistillReply(findings=found), question, stored)


def checked(reply: DistillReply, question: str, stored: StoredPaper) -> Distilled:
    """Keep the findings whose quotes are in the paper, each passage once.

    A claim with a number, a link or an author that its quote lacks is dropped; the quote stays, and speaks
    for itself. One that only repeats the question, with a quote on something else, is dropped with its quote.
    Population and method stay where the paper has those words, as it writes them.
    """
    findings: list[Finding] = []
    dropped: list[Dropped] = []
    note = strength(stored.paper)
    whole = f"{stored.paper.title}\n{stored.paper.abstract}"
    for found in reply.findings:
        if len(findings) == MOST_IN_ALL:
            break
        quote = check_quote(stored, found.quote)
        if isinstance(quote, Dropped):
            dropped.append(quote)
            continue
        if quote.field == "title" and stored.paper.abstract:
            dropped.append(Dropped(found.quote, f"the quote is only the title of {stored.key}"))
            continue
        if any(finding.quote == quote for finding in findings):
            continue
        if only_repeats(found.claim, question, [quote.text, stored.paper.title]):
            dropped.append(
                Dropped(found.claim, "it only repeats the question, and its quote is not about that")
            )
            continue
        claim, problem = _claim(found, quote.text, question, stored)
        if problem:
            dropped.append(problem)
        population, method = (find_words(whole, words) for words in (found.population, found.method))
        number = len(findings) + 1
        findings.append(Finding(number, claim, quote, found.stance, "model", population, method, note))
    return Distilled(stored.id, stored.key, tuple(findings), tuple(dropped))


def numbered(distilled: Distilled, first: int) -> Distilled:
    """The same findings, numbered from ``first``."""
    findings = tuple(replace(finding, number=n) for n, finding in enumerate(distilled.findings, first))
    return replace(distilled, findings=findings)


def _claim(found: FindingReply, quote: str, question: str, stored: StoredPaper) -> tuple[str, Dropped | None]:
    claim = " ".join(found.claim.split())
    if not claim:
        return quote, None
    years = [stored.paper.year] if stored.paper.year else []
    missing = unsupported_numbers(claim, [quote], years=years, names=[stored.paper.title, question])
    missing += unfounded_mentions(claim, [quote], [stored.paper])
    if missing:
        return quote, Dropped(claim, f"its quote does not have {', '.join(missing)}")
    return claim, None
