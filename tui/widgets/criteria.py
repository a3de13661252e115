"""What is sought and by what it is told, beside the paper."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from litsearch.cli.screen import line
from litsearch.screening.screenings import Screening

KEYS = 9  # criteria of exclusion that have a key


class Criteria(VerticalScroll, can_focus=False):
    """Question and criteria; those of exclusion with the keys that exclude for that reason."""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, screening: Screening) -> None:
        parts = [Content(line(screening.question)).stylize("bold")] if screening.question else []
        parts += [Content.assemble((" ✓ ", "$text-success"), line(each)) for each in screening.include]
        parts += [
            Content.assemble((f" {number if number <= KEYS else '✗'} ", "$text-error"), line(each))
            for number, each in enumerate(screening.exclude, 1)
        ]
        self.query_one(Static).update(Content("\n").join(parts))
