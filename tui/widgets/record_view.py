"""The paper that is up for a decision, with the words of the criteria marked in it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from litsearch.cli.screen import line
from litsearch.screening.decisions import Decision, Verdict
from tui.entries import MUTED
from tui.marked import about, marked
from tui.sitting import Record

SIGNS: dict[Verdict, tuple[str, str]] = {
    "include": ("✓", "$text-success"),
    "maybe": ("?", "$text-warning"),
    "exclude": ("✗", "$text-error"),
}
_WANTED, _UNWANTED = "$text-success bold", "$text-error bold underline"  # told apart without colours too


class RecordView(VerticalScroll):
    """Scrolls with the arrow keys. A paper that was decided before says so."""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, record: Record, decision: Decision | None = None) -> None:
        document = record.document
        byline = Content(about(document.authors, document.year, document.venue, most=6))
        abstract = (
            self._marked(record, record.abstract)
            if record.abstract
            else Content("There is no abstract.").stylize(f"{MUTED} italic")
        )
        parts = [
            self._marked(record, record.title, "bold"),
            byline.stylize(MUTED),
            Content(""),
            abstract,
        ]
        if decision is not None:
            parts = [verdict_line(decision), *parts]
        self.query_one(Static).update(Content("\n").join(parts))
        self.scroll_home(animate=False)

    def say(self, words: Content) -> None:
        """Something else in its place."""
        self.query_one(Static).update(words)

    def _marked(self, record: Record, text: str, style: str = "") -> Content:
        content = marked(text, record.wanted[text], style, match=_WANTED)
        for span in record.unwanted[text]:
            content = content.stylize(_UNWANTED, span.start, span.end)
        return content


def verdict_line(decision: Decision) -> Content:
    """The verdict with who gave it and why."""
    sign, style = SIGNS[decision.verdict]
    by = "" if decision.by == "user" else f" by {line(decision.by)}"
    why = f": {line(decision.reason)}" if decision.reason else ""
    return Content.assemble((f"{sign} {decision.verdict}", style), f"{by}{why}")
