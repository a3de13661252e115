"""The sections of a review, from the claims that the findings were grouped by."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from indexes.analysis import stems, words
from litsearch.agent.claims import founded
from litsearch.agent.events import Claim, Finding, Heading
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import OutlineReply
from litsearch.agent.wording import telling
from litsearch.papers import StoredPaper

MOST = 6  # sections
FURTHER = "Further evidence"
ALL = "Evidence"

_WORDS = 3  # of a title that the program makes


async def outline(reader: Reader, question: str, claims: Sequence[Claim]) -> OutlineReply:
    """A model's outline, unchecked. Raises ModelError and BudgetError."""
    shown = reader.fenced("\n".join(f"[{claim.number}] {claim.text} ({_sides(claim)})" for claim in claims))
    return await reader.ask("outline", OutlineReply, step="outline", question=question, claims=shown)


def checked(
    reply: OutlineReply,
    claims: Sequence[Claim],
    findings: Sequence[Finding],
    papers: Mapping[int, StoredPaper],
) -> tuple[Heading, ...]:
    """The model's sections, each claim once; what it forgot comes last. A title with numbers or names that
    the quotes do not have gives way to the section's first claim."""
    free = {claim.number: claim for claim in claims}
    by_number = {finding.number: finding for finding in findings}
    headings: list[Heading] = []
    for each in reply.sections[:MOST]:
        own = [free.pop(number) for number in dict.fromkeys(each.claims) if number in free]
        if own:
            cited = [by_number[number] for claim in own for number in claim.findings if number in by_number]
            title = founded(each.title, cited, papers) or own[0].text
            headings.append(Heading(title, tuple(claim.number for claim in own)))
    if free:
        headings.append(Heading(FURTHER if headings else ALL, tuple(free)))
    return tuple(headings)


def by_program(
    claims: Sequence[Claim],
    findings: Sequence[Finding],
    question: str,
    idf: Callable[[set[str]], Mapping[str, float]],
) -> tuple[Heading, ...]:
    """A section for each claim that several findings speak of, then one for the rest. A title is made of
    words that the section's quotes share, for nobody has read what they say; ``idf`` weighs their stems."""
    quotes = {finding.number: finding.quote.text for finding in findings}
    shared = [claim for claim in claims if len(claim.findings) > 1][: MOST - 1]
    headings = []
    for claim in shared:
        title = _title([quotes[number] for number in claim.findings], question, idf)
        headings.append(Heading(title, (claim.number,)))
    rest = tuple(claim.number for claim in claims if claim not in shared)
    if rest:
        headings.append(Heading(FURTHER if headings else ALL, rest))
    return tuple(headings)


def _title(quotes: Sequence[str], question: str, idf: Callable[[set[str]], Mapping[str, float]]) -> str:
    """The rarest words that several of the quotes have and the question has not; its own where none are."""
    written: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for quote in quotes:
        written = {stem: word for word in words(quote) for stem in stems(word)} | written
        counts.update(telling(quote))
    shared = [stem for stem, count in counts.items() if count > 1 and not stem.isdigit()]
    asked = telling(question)
    told = [stem for stem in shared if stem not in asked] or shared
    weights = idf(set(told))
    told.sort(key=lambda stem: (-counts[stem] * weights.get(stem, 0.0), stem))
    return ", ".join(written[stem] for stem in told[:_WORDS]).capitalize() or ALL


def _sides(claim: Claim) -> str:
    """How many findings stand on each side: ``2 for it, 1 against it``."""
    sides = ((claim.supports, "for it"), (claim.contradicts, "against it"), (claim.mixed, "on both sides"))
    return ", ".join(f"{len(own)} {side}" for own, side in sides if own) or "not compared"
