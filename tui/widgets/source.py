"""The text behind what is pointed at: a cited paper, its quotes marked where they stand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from indexes.errors import HintedError
from indexes.types import Span
from litsearch.agent.citations import label
from litsearch.agent.events import Finding, Quote
from litsearch.agent.strength import described
from litsearch.cli.screen import line, plural
from litsearch.papers import StoredPaper
from tui.entries import MUTED, STANCES
from tui.marked import QUOTE, about, marked

if TYPE_CHECKING:
    from tui.app import LitsearchApp


class Source(VerticalScroll, can_focus=False):
    """Shows one quote at a time of those that stand behind an entry."""

    def __init__(self) -> None:
        super().__init__()
        self._findings: tuple[Finding, ...] = ()
        self._at = 0

    def compose(self) -> ComposeResult:
        yield Static(id="source-text")

    @property
    def shown(self) -> Finding | None:
        """The finding whose quote is shown."""
        return self._findings[self._at] if self._findings else None

    def point(self, findings: Sequence[Finding]) -> None:
        """Shows the first quote of these; nothing where there are none."""
        self._findings, self._at = tuple(findings), 0
        self._present()

    def step(self, by: int) -> None:
        """Goes to another quote of the same entry."""
        if self._findings:
            self._at = (self._at + by) % len(self._findings)
            self._present()

    def _present(self) -> None:
        if self._findings:
            self._load(self._findings, self._at)
        else:
            self.workers.cancel_group(self, "source")
            self._put(Content(""), 0)

    @work(thread=True, exclusive=True, group="source", exit_on_error=False)
    def _load(self, findings: tuple[Finding, ...], at: int) -> None:
        quote = findings[at].quote
        place = f"{at + 1} of {plural(len(findings), 'quote')}" if len(findings) > 1 else ""
        head = _head(findings[at], place)
        try:
            found = cast("LitsearchApp", self.app).desk.library.papers([quote.id])
        except HintedError as error:
            found, trouble = [], error.said
        else:
            trouble = "This paper, or its text, is no longer in the library as it was quoted."
        if found and getattr(found[0].paper, quote.field)[quote.start : quote.end] == quote.text:
            same = [each.quote for each in findings if each.quote.id == quote.id]
            content, begins = _text(found[0], quote, same)
        else:
            content = Content.assemble((trouble, "$text-warning"), f"\n“{line(quote.text)}”")
            begins = 0
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._put, head + Content("\n") + content, len(head) + 1 + begins)

    def _put(self, content: Content, character: int) -> None:
        """Shows the content, scrolled to where that character of it is."""
        text = self.query_one("#source-text", Static)
        text.update(content)
        width = self.scrollable_content_region.width
        line_of_it = content[:character].get_height({}, width) if character and width else 0
        self.call_after_refresh(
            lambda: self.scroll_to(y=max(0, line_of_it - 2 if line_of_it > 3 else 0), animate=False)
        )


def _head(finding: Finding, place: str) -> Content:
    """The stance, whose words they are, how strong the paper is, and which quote of how many it is."""
    head = Content.styled(label(finding.stance), f"bold {STANCES[finding.stance]}")
    if finding.quote.is_summary:
        head += Content.styled("  litsearch's summary, not the paper", "$text-warning")
    if strength := described(finding.strength):
        head += Content.styled(f"  {line(strength)}", MUTED)
    if place:
        head += Content.styled(f"  ‹ {place} ›", "$text-accent")
    return head


def _text(stored: StoredPaper, shown: Quote, quotes: Sequence[Quote]) -> tuple[Content, int]:
    """Title, authors and abstract with those quotes marked; and the character at which the one that is shown
    begins."""
    paper = stored.paper
    title = marked(paper.title, _spans(quotes, "title"), "bold", QUOTE)
    who = about([author.name for author in paper.authors], paper.year, paper.venue)
    head = title + Content.styled(f"\n{who}\n" if who else "\n", MUTED)
    text = head + marked(paper.abstract, _spans(quotes, "abstract"), match=QUOTE)
    return text, shown.start if shown.field == "title" else len(head) + shown.start


def _spans(quotes: Sequence[Quote], field: str) -> list[Span]:
    return [Span(quote.start, quote.end) for quote in quotes if quote.field == field]
