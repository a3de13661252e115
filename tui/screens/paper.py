"""One paper with all that is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from indexes.errors import HintedError
from indexes.types import Hit, Query
from litsearch.cli.screen import line
from litsearch.exporters.citation import safe_url
from litsearch.notes import write_note
from tui import paper_text
from tui.entries import MUTED
from tui.marked import about
from tui.paper_facts import Facts, Related, citation, facts, link, related
from tui.screens.note import NoteEditor
from tui.screens.selection import Selection

if TYPE_CHECKING:
    from litsearch.agent.events import Quote


_TITLE = 200  # characters of a title beside the paper


class PaperScreen(Selection):
    """Its text, what is known of it, why it matched, and the papers around it."""

    CSS_PATH = "../styles/paper.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual has it on the instance)
    AUTO_FOCUS = "#paper-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.pop_screen", "Back"),
        Binding("o", "open_link", "Open"),
        Binding("n", "note", "Note"),
        *Selection.ACTIONS,
        Binding("y", "copy_citation", "Copy citation"),
        Binding("l", "copy_link", "Copy link", show=False),
    ]

    @dataclass
    class Read(Message):
        facts: Facts

    @dataclass
    class Refused(Message):
        """The paper can't be read, or is gone."""

        error: HintedError

    @dataclass
    class LookedAround(Message):
        related: Related

    def __init__(
        self,
        paper: int,
        highlight: "Sequence[Quote]" = (),
        query: Query | None = None,
        hit: Hit | None = None,
    ) -> None:
        super().__init__()
        self.paper = paper
        self._quotes = [quote for quote in highlight if quote.id == paper]
        self._query, self._hit = query, hit
        self.facts: Facts | None = None
        self.related: Related | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="paper"):
            with VerticalScroll(id="paper-text"):
                yield Static(id="text")
                yield Static(id="note", classes="part")
                yield Static(id="record", classes="part")
                yield Static(id="why", classes="part")
            yield OptionList(id="related", compact=True)

    def on_mount(self) -> None:
        self.query_one("#related", OptionList).loading = True
        self._read()
        self._look_around()

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self) -> None:
        try:
            self.post_message(self.Read(facts(self.desk, self.paper, self._query)))
        except HintedError as error:
            self.post_message(self.Refused(error))

    @work(thread=True, exclusive=True, group="around", exit_on_error=False)
    def _look_around(self) -> None:
        try:
            self.post_message(self.LookedAround(related(self.desk, self.paper, self._query, self._hit)))
        except HintedError:
            self.post_message(self.LookedAround(Related()))
            raise

    def on_paper_screen_read(self, event: Read) -> None:
        first, self.facts = self.facts is None, event.facts
        self._show("#text", list(paper_text.text(event.facts, self._quotes)))
        self._show("#record", list(paper_text.record(event.facts.stored)))
        note = line_by_line(event.facts.note)
        self._show("#note", [Content("Note").stylize("bold"), *note] if note else [])
        if first and paper_text.quoted_at(event.facts, self._quotes) is not None:
            self.call_after_refresh(self._scroll_to_quote)

    def on_paper_screen_refused(self, event: Refused) -> None:
        self._show("#text", [Content(line(event.error.said)).stylize("$text-error")])
        for part in ("#record", "#note", "#why"):
            self._show(part, [])

    def _scroll_to_quote(self) -> None:
        """The first quote near the middle, as near as its place in the text tells."""
        if self.facts is None:
            return
        at = paper_text.quoted_at(self.facts, self._quotes) or 0.0
        scroll = self.query_one("#paper-text", VerticalScroll)
        height = self.query_one("#text").size.height
        scroll.scroll_to(y=max(0, at * height - scroll.size.height / 2), animate=False)

    def on_paper_screen_looked_around(self, event: LookedAround) -> None:
        self.related, seen = event.related, event.related.seen
        head = Content("Why it matched").stylize("bold")
        self._show("#why", [head, *paper_text.why(seen)] if seen else [])
        options = self.query_one("#related", OptionList)
        options.loading = False
        options.set_options(_around(event.related))

    def _show(self, selector: str, lines: Sequence[Content]) -> None:
        static = self.query_one(selector, Static)
        static.display = bool(lines)
        static.update(Content("\n").join(lines))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option.id:
            self.litsearch.open_paper(int(event.option.id.rsplit("-", 1)[-1]))

    # Keys

    def selected(self) -> list[int]:
        return [self.paper]

    def acted(self) -> None:
        self._read()

    def action_open(self, url: str) -> None:
        """In the browser; only http and https."""
        if address := safe_url(url):
            self.app.open_url(address)

    def action_open_link(self) -> None:
        if address := self._link():
            self.action_open(address)

    def action_copy_link(self) -> None:
        if address := self._link():
            self.copy(address, f"Copied {address}.")

    def _link(self) -> str:
        found = link(self.facts.stored) if self.facts else ""
        if not found:
            self.tell("The library knows no link to this paper.")
        return found

    def action_copy_citation(self) -> None:
        if self.facts is not None:
            self.copy(citation(self.facts.stored), "Copied the citation.")

    def action_note(self) -> None:
        if self.facts is not None:
            self.app.push_screen(NoteEditor(self.facts.note), self._noted)

    def _noted(self, text: str | None) -> None:
        if text is not None:
            self._write_note(text)

    @work(thread=True, group="act", exit_on_error=False)
    def _write_note(self, text: str) -> None:
        try:
            write_note(self.desk.library, self.paper, text)
        except HintedError as error:
            self.app.call_from_thread(self.tell_error, error)
            self.app.call_from_thread(self.app.push_screen, NoteEditor(text), self._noted)  # to be saved
            return
        self._read()


def line_by_line(text: str) -> list[Content]:
    return [Content(line(each)) for each in text.splitlines()]


def _around(around: Related) -> Iterator[Option]:
    for name, documents in (
        ("Similar", around.similar),
        ("Cites", around.cites),
        ("Cited by", around.cited_by),
    ):
        if documents:
            yield Option(Content(name).stylize("bold"), disabled=True)
        for document in documents:
            title = line(document.title)
            prompt = Content.assemble(
                title if len(title) <= _TITLE else title[: _TITLE - 1] + "…",
                "\n  ",
                (about(document.authors, document.year, "", most=1), MUTED),
            )
            yield Option(prompt, id=f"{name.replace(' ', '-')}-{document.id}")
