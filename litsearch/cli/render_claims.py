"""Who supports what and who contradicts it, claim by claim, and how each finding is named on the screen."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from litsearch.agent.citations import Citations, label
from litsearch.agent.events import Claim, Finding, Reference, Stance
from litsearch.agent.strength import described
from litsearch.cli.screen import line
from litsearch.exporters.citation import author_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

COLOURS: Mapping[Stance, str] = {
    "supports": "green",
    "contradicts": "red",
    "mixed": "yellow",
    "background": "dim",
    "unjudged": "dim",
}


def show_claims(screen: "Console", claims: Sequence[Claim], citations: Citations) -> None:
    """The claims that several findings speak of, contested ones first."""
    from rich.padding import Padding
    from rich.table import Table

    shown = [claim for claim in claims if claim.contested or len(claim.findings) > 1]
    for claim in sorted(shown, key=lambda claim: not claim.contested):
        screen.print(text(line(claim.text), "bold" if claim.contested else ""))
        sides = Table.grid(padding=(0, 2, 0, 0))
        sides.add_column(no_wrap=True)
        sides.add_column(overflow="fold")
        for side, numbers in by_side(claim).items():
            named = [f for number in numbers if (f := citations.findings.get(number))]
            for n, finding in enumerate(named):
                sides.add_row(text("" if n else label(side), COLOURS[side]), _stand(finding, citations))
        screen.print(Padding(sides, (0, 0, 0, 2)))


def source(finding: Finding, citations: Citations) -> "Text":
    """``[1] Vaswani 2017``, whose words they are where they are not the paper's, and how strong they are."""
    reference = citations.finding(finding)
    words = f"[{reference.number}] {short_name(reference)}" if reference else line(finding.quote.key)
    if finding.quote.is_summary:
        words = f"litsearch's summary of {words}"
    note = described(finding.strength)
    named = text(words, "cyan")
    if note:
        named.append(f" ({line(note)})", "red" if finding.strength.retracted else "dim")
    return named


def text(words: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(words, style)


def by_side(claim: Claim) -> Mapping[Stance, Sequence[int]]:
    """The numbers of a claim's findings by the side they are on."""
    others: Stance = "background" if claim.sides else "unjudged"
    return {
        "supports": claim.supports,
        "contradicts": claim.contradicts,
        "mixed": claim.mixed,
        others: claim.others,
    }


def _stand(finding: Finding, citations: Citations) -> "Text":
    """The paper, and under which conditions it says so."""
    where = [line(part) for part in (finding.population, finding.method) if part]
    words = source(finding, citations)
    if where:
        words.append(f": {'; '.join(dict.fromkeys(where))}")
    return words


def short_name(reference: Reference) -> str:
    """Family names and year; where no author is known, the beginning of the title."""
    names = [line(name).rpartition(" ")[2] for name in reference.authors]
    who = author_line(names, most=2) if names else shorten(line(reference.title), 40, placeholder=" …")
    return f"{who} {reference.year}" if reference.year is not None else who
