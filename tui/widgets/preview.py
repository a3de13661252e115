"""The paper under the cursor: enough of it to know whether to read it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from indexes.types import Document
from litsearch.cli.screen import line
from tui.entries import MUTED
from tui.marked import about, marked
from tui.widgets.hit_list import Highlight


class Preview(VerticalScroll, can_focus=False):
    """Title, who, when, where, and the abstract with what was looked for marked."""

    def compose(self) -> ComposeResult:
        yield Static(id="preview-text")

    def show(self, document: Document | None, highlight: Highlight) -> None:
        text = self.query_one("#preview-text", Static)
        if document is None:
            text.update("")
            return
        title, abstract = line(document.title), line(document.abstract)
        text.update(
            Content("\n").join(
                [
                    marked(title, highlight(title), "bold"),
                    Content(about(document.authors, document.year, document.venue)).stylize(MUTED),
                    marked(abstract, highlight(abstract))
                    if abstract
                    else Content("There is no abstract.").stylize(f"{MUTED} italic"),
                ]
            )
        )
        self.scroll_home(animate=False)
