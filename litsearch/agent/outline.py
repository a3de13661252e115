"""The sections of a review, from the claims that the findings were grouped by."""

from collections.abc import Mapping, Sequence

from litsearch.agent.claims import founded
from litsearch.agent.events import Claim, Finding, Heading
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import OutlineReply
from litsearch.agent.titles import IDF, beginning, shared
from litsearch.papers import StoredPaper

MOST = 6  # sections
FURTHER = "Further evidence"
ALL = "Evidence"


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
    claims: Sequence[Claim], findings: Sequence[Finding], question: str, idf: IDF
) -> tuple[Heading, ...]:
    """A section for each claim that several findings speak of, then for claims whose quotes have a phrase in
    common, then one for the rest. Titles are the papers' own words; ``idf`` weighs their stems."""
    quotes = {finding.number: finding.quote.text for finding in findings}
    own = {claim.number: [quotes[number] for number in claim.findings] for claim in claims}
    agreed = [claim.number for claim in claims if len(claim.findings) > 1][: MOST - 1]
    headings = [Heading(_title(own[number], question, idf), (number,)) for number in agreed]
    rest = [claim.number for claim in claims if claim.number not in agreed]
    while len(headings) < MOST - 1:
        theme = shared([" ".join(own[number]) for number in rest], question, idf)
        if theme is None:
            break
        members = tuple(rest[at] for at in theme.texts)
        headings.append(Heading(theme.phrase, members))
        rest = [number for number in rest if number not in members]
    if rest:
        headings.append(Heading(FURTHER if headings else ALL, tuple(rest)))
    return tuple(headings)


def _title(quotes: Sequence[str], question: str, idf: IDF) -> str:
    """A phrase that the quotes share, or how the first of them begins."""
    theme = shared(quotes, question, idf)
    return theme.phrase if theme else beginning(quotes[0])


def _sides(claim: Claim) -> str:
    """How many findings stand on each side: ``2 for it, 1 against it``."""
    sides = ((claim.supports, "for it"), (claim.contradicts, "against it"), (claim.mixed, "on both sides"))
    return ", ".join(f"{len(own)} {side}" for own, side in sides if own) or "not compared"
