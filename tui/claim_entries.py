"""Who supports what and who contradicts it, claim by claim, every quote on its side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content

from litsearch.agent.citations import STANCES as ORDER
from litsearch.agent.citations import Citations, by_stance, label
from litsearch.agent.events import Answered, Claim, Finding, Stance
from litsearch.agent.strength import described
from litsearch.cli.render_claims import by_side, short_name
from litsearch.cli.screen import line
from tui.entries import MUTED, SPACE, STANCES, Entry, heading, note


def claim_entries(answered: Answered) -> list[Entry]:
    """A summary, then the claims: contested ones first, then by how many papers speak of them."""
    if not answered.findings:
        return [note("No evidence was found.")]
    citations = Citations.of(answered)
    entries = [Entry(_summary(answered.findings))]
    if all(finding.stance == "unjudged" for finding in answered.findings):
        entries.append(note("Without a model, quotes are not compared with the question or with each other."))
    for claim in sorted(answered.claims, key=lambda claim: (not claim.contested, -len(claim.findings))):
        entries += _claim(claim, citations)
    grouped = {number for claim in answered.claims for number in claim.findings}
    alone = [finding for finding in answered.findings if finding.number not in grouped]
    if alone and answered.claims:
        entries += heading("In no group")
    return entries + [_stand(finding, finding.stance, citations) for finding in by_stance(alone)]


def source_name(finding: Finding, citations: Citations) -> str:
    """``[1] Vaswani 2017``, and whose words they are where they are not the paper's."""
    reference = citations.finding(finding)
    name = f"[{reference.number}] {short_name(reference)}" if reference else line(finding.quote.key)
    return f"litsearch's summary of {name}" if finding.quote.is_summary else name


def _summary(findings: Sequence[Finding]) -> Content:
    """How many quotes stand where, as a bar with a block for each, and in words."""
    counts = Counter(finding.stance for finding in findings)
    held = [(stance, counts[stance]) for stance in ORDER if counts[stance]]
    bar = Content.assemble(*(("■" * count, STANCES[stance]) for stance, count in held))
    words = ", ".join(f"{count:,} {label(stance)}" for stance, count in held)
    return bar + Content(f"\n{words}")


def _claim(claim: Claim, citations: Citations) -> Iterator[Entry]:
    yield SPACE
    words = Content.styled(line(claim.text), "bold")
    if claim.contested:
        words += Content.styled("  contested", "$text-error")
    yield Entry(words, tuple(_findings(claim.findings, citations)))
    for side, numbers in by_side(claim).items():
        yield from (_stand(finding, side, citations) for finding in _findings(numbers, citations))


def _findings(numbers: Iterable[int], citations: Citations) -> Iterator[Finding]:
    return (citations.findings[number] for number in numbers if number in citations.findings)


def _stand(finding: Finding, side: Stance, citations: Citations) -> Entry:
    """The side, the paper and how strong it is, under which conditions, and the quote."""
    strength = described(finding.strength)
    where = [line(part) for part in (finding.population, finding.method) if part]
    content = Content.assemble(
        ("  " + label(side), STANCES[side]), "  ", (source_name(finding, citations), "$text-accent")
    )
    if strength:
        content += Content.styled(
            f" ({line(strength)})", "$text-error" if finding.strength.retracted else MUTED
        )
    if where:
        content += Content(f": {'; '.join(dict.fromkeys(where))}")
    return Entry(content + Content.styled(f"\n  “{line(finding.quote.text)}”", "italic"), (finding,))
