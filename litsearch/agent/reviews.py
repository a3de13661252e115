"""What a review adds to its sections by program: the papers compared, and the limits of it all."""

from collections.abc import Iterable, Sequence

from litsearch.agent.events import Claim, Finding, Review, Section, Stance, Study


def review(
    sections: Sequence[Section], findings: Sequence[Finding], claims: Sequence[Claim], extent: str
) -> Review:
    """The whole of it. ``extent`` says how much was searched."""
    compared = studies(findings)
    return Review(tuple(sections), compared, f"{limits(findings, claims, compared)} {extent}")


def studies(findings: Sequence[Finding]) -> tuple[Study, ...]:
    """A row for each paper that is quoted, in the order of the findings, from what these and its own record
    say; nothing is inferred."""
    rows = []
    for paper in dict.fromkeys(finding.quote.id for finding in findings):
        own = [finding for finding in findings if finding.quote.id == paper]
        note = own[0].strength
        rows.append(
            Study(
                id=paper,
                key=own[0].quote.key,
                population=_said(finding.population for finding in own) or note.model,
                method=_said(finding.method for finding in own),
                sample=note.sampled,
                design=note.design,
                stance=_stance([finding.stance for finding in own]),
                retracted=note.retracted,
            )
        )
    return tuple(rows)


def limits(findings: Sequence[Finding], claims: Sequence[Claim], compared: Sequence[Study]) -> str:
    """What a reader must know before relying on the review, in counts."""
    if not findings:
        return "There is no evidence, so there is nothing to review."
    papers = {finding.number: finding.quote.id for finding in findings}
    alone = [claim for claim in claims if len({papers[n] for n in claim.findings if n in papers}) == 1]
    contested = [claim for claim in claims if claim.contested]
    rested = f"{_count(len(findings), 'quote')} from titles and abstracts of {_count(len(compared), 'paper')}"
    lines = [f"This review rests on {rested}; no full text was read, and nothing outside of this library."]
    if alone and len(claims) > 1:
        rest = "rests" if len(alone) == 1 else "rest"
        lines.append(f"Of {len(claims):,} claims, {len(alone):,} {rest} on one paper alone.")
    if all(finding.stance == "unjudged" for finding in findings):
        lines.append("Nobody compared what the quotes say, so it is not known which of them disagree.")
    elif contested:
        lines.append(f"{_count(len(contested), 'claim')} {'is' if len(contested) == 1 else 'are'} contested.")
    else:
        lines.append("No two of these papers were found to disagree, which is no proof that none do.")
    kinds = sum(bool(study.design) for study in compared)
    sizes = sum(bool(study.sample) for study in compared)
    known = f"The kind of study is known of {kinds:,} of these papers, and its size of {sizes:,}."
    unknown = "Of none of these papers it is known what kind of study it is, or how large."
    lines.append(known if kinds or sizes else unknown)
    if retracted := [study.key for study in compared if study.retracted]:
        lines.append(f"Retracted: {', '.join(retracted)}.")
    return " ".join(lines)


def _said(words: Iterable[str]) -> str:
    return next((each for each in words if each), "")


def _stance(stances: Sequence[Stance]) -> Stance:
    """Of all of a paper's findings: mixed where they differ."""
    sides = {stance for stance in stances if stance in ("supports", "contradicts", "mixed")}
    if len(sides) > 1:
        return "mixed"
    if sides:
        return sides.pop()
    return "background" if "background" in stances else "unjudged"


def _count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"
