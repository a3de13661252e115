"""A review on the screen: in short, its sections, the papers compared, its limits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litsearch.agent.citations import Citations, label
from litsearch.agent.events import Answered, Review, Study
from litsearch.cli.render_answer import heading, show_ending, show_references, show_sentences, show_statuses
from litsearch.cli.render_claims import COLOURS, short_name, text
from litsearch.cli.screen import line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDE = 110  # columns from which the table fits


def show_review(screen: "Console", answered: Answered, review: Review) -> None:
    """All of it, at the width of the screen."""
    citations = Citations.of(answered)
    read = any(finding.judge == "model" for finding in answered.findings)
    screen.print(text(line(answered.question), "bold"))
    if not review.sections:
        screen.print(text("\nNo evidence was found, so there is no review.", "bold"))
    elif read and answered.sentences:
        heading(screen, "In short")
        show_sentences(screen, answered.sentences, citations, joined=True)
    for section in review.sections:
        heading(screen, line(section.title))
        show_sentences(screen, section.sentences, citations, joined=section.written)
    screen.print()
    written = [sentence for section in review.sections for sentence in section.sentences]
    show_statuses(screen, (*answered.sentences, *written), answered.attribution)
    show_ending(screen, answered)
    if review.studies:
        heading(screen, "The papers compared")
        _show_studies(screen, review.studies, citations)
    heading(screen, "Limits")
    screen.print(text(line(review.limits)))
    if answered.references:
        heading(screen, "References")
        show_references(screen, answered.references)


def _show_studies(screen: "Console", studies: Sequence[Study], citations: Citations) -> None:
    from rich.padding import Padding
    from rich.table import Table

    if screen.width < _WIDE:
        for study in studies:
            screen.print(_paper(study, citations) + text(": ") + _stance(study))
            told = (_design(study), study.sample, study.population, study.method)
            words = "; ".join(line(each) for each in told if each)
            screen.print(Padding(text(words or "its record says no more", "dim"), (0, 0, 0, 2)))
        return
    columns = {
        "design": [_design(study) for study in studies],
        "sample": [study.sample for study in studies],
        "population": [study.population for study in studies],
        "method": [study.method for study in studies],
    }
    filled = {name: cells for name, cells in columns.items() if any(cells)}
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("paper", ratio=2, overflow="fold")
    table.add_column("stance", no_wrap=True)
    for name in filled:
        table.add_column(name, ratio=2, overflow="fold")
    for at, study in enumerate(studies):
        cells = (text(line(column[at]) or "–") for column in filled.values())
        table.add_row(_paper(study, citations), _stance(study), *cells)
    screen.print(table)


def _paper(study: Study, citations: Citations) -> "Text":
    reference = citations.references.get(study.id)
    return text(f"[{reference.number}] {short_name(reference)}" if reference else line(study.key), "cyan")


def _stance(study: Study) -> "Text":
    return text(label(study.stance), COLOURS[study.stance])


def _design(study: Study) -> str:
    return "; ".join(filter(None, ("RETRACTED" if study.retracted else "", study.design)))
