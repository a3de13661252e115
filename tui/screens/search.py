"""Search as you type: the first leg's answer within a frame of the key, that of all legs right after."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from indexes.errors import HintedError
from indexes.types import Span
from tui.place import Place
from tui.screens.selection import Selection
from tui.searching import SORTS, Asked, FacetKind, Found, Narrowing, Sort, find, in_order
from tui.status_line import status
from tui.widgets.facet_panel import FacetPanel
from tui.widgets.hit_list import HitList
from tui.widgets.preview import Preview
from tui.widgets.query_line import QueryLine

_PAUSE = 0.05  # seconds without another key before all legs are asked: a quick typist leaves no more
_REST = 0.15  # seconds more before facets and preview, which lay out the whole screen while a key waits
_WATCH = 2.0  # seconds between looks at what other processes did to the library


class SearchScreen(Selection, Place):
    """A query line over the papers found, their facets, and a preview of the one under the cursor."""

    CSS_PATH = "../styles/search.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual has it on the instance)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 (Textual has it on the instance)
    AUTO_FOCUS = "#query"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_list", "Results", show=False),
        Binding("slash,escape", "to_query", "Query"),
        Binding("s", "sort", "Sort"),
        Binding("f", "facets", "Facets"),
        Binding("v", "only('venue')", "Venue", show=False),
        Binding("a", "only('author')", "Author", show=False),
        Binding("y", "only('year')", "Year", show=False),
        Binding("x", "widen", "All", show=False),
        *Selection.ACTIONS,
    ]

    @dataclass
    class Arrived(Message):
        found: Found

    @dataclass
    class Refused(Message):
        asked: Asked
        error: HintedError

    @dataclass
    class Changed(Message):
        """The library is not what it was, or an index has come further."""

        state: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self._asked = Asked()
        self.found = Found(self._asked)
        self.beside = self.found  # what facets and preview are of: they follow once no key does
        self._sort: Sort = "relevance"
        self._state: tuple[int, ...] = ()

    def body(self) -> ComposeResult:
        yield QueryLine()
        yield Static(id="status")
        with Horizontal():
            with Vertical(id="papers"):
                yield HitList(id="hits")
                yield Preview(id="preview")
            yield FacetPanel(id="facets")

    def on_mount(self) -> None:
        self._search(self._asked, quickly=True)
        self.set_interval(_WATCH, self._watch)

    @property
    def hits(self) -> HitList:
        return self.query_one(HitList)

    # Asking

    def on_input_changed(self, event: Input.Changed) -> None:
        self._ask(Asked(event.value, self._asked.narrowing))

    def on_input_submitted(self) -> None:
        self.action_to_list()

    def on_facet_panel_chosen(self, event: FacetPanel.Chosen) -> None:
        self._narrow(self._asked.narrowing.toggled(event.kind, event.value))

    def _narrow(self, narrowing: Narrowing) -> None:
        self._ask(Asked(self._asked.text, narrowing))

    def _ask(self, asked: Asked) -> None:
        if asked != self._asked:
            self._asked = asked
            self._search(asked, quickly=True)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search(self, asked: Asked, *, quickly: bool) -> None:
        worker = get_current_worker()
        try:
            found = find(self.desk, asked, quickly=quickly)
        except HintedError as error:
            self.post_message(self.Refused(asked, error))
            return
        if not worker.is_cancelled:
            self.post_message(self.Arrived(found))

    @work(thread=True, exclusive=True, group="watch", exit_on_error=False)
    def _watch(self) -> None:
        try:
            replaced = self.desk.reopen()
            behind = (each.behind for each in self.desk.index.status())
            state = (self.desk.library.revision(), *behind, int(replaced))
        except HintedError as error:
            self._state = ()  # once it is mended, all is searched again
            self.post_message(self.Refused(self._asked, error))
            return
        if state != self._state:
            self.post_message(self.Changed(state))

    def on_search_screen_changed(self, event: Changed) -> None:
        self._state = event.state
        self._search(self._asked, quickly=False)

    # Answers

    def on_search_screen_arrived(self, event: Arrived) -> None:
        if event.found.asked != self._asked and self.found.documents:
            return  # a later key has made it stale
        stay = event.found.asked == self.found.asked
        self.found = event.found
        self.query_one(QueryLine).show_fault(None)
        self._show_hits(stay=stay)
        if event.found.all_legs:
            self.set_timer(_REST, partial(self._show_beside, event.found))
        else:
            self.set_timer(_PAUSE, partial(self._complete, event.found.asked))

    def _complete(self, asked: Asked) -> None:
        if asked == self._asked:
            self._search(asked, quickly=False)

    def on_search_screen_refused(self, event: Refused) -> None:
        if event.asked == self._asked:
            self.query_one(QueryLine).show_fault(event.error)

    def _show_hits(self, *, stay: bool) -> None:
        documents = [document for _, document in in_order(self.found, self._sort)]
        self.hits.show(documents, self._highlight, stay=stay, final=self.found.all_legs)
        self._show_status()

    def _show_beside(self, found: Found) -> None:
        if found is self.found and found.asked == self._asked:
            self.beside = found
            self.query_one(FacetPanel).show(found.facets, found.asked.narrowing)
            self.query_one(Preview).show(self.hits.current, self._highlight)

    def _highlight(self, text: str) -> Sequence[Span]:
        query = self.found.query
        return self.desk.index.highlight(text, query) if query.text.strip() else ()

    def _show_status(self) -> None:
        self.query_one("#status", Static).update(
            status(self.found, self._sort, len(self.hits.marks), starter=self.desk.starter), layout=False
        )

    def on_hit_list_highlighted(self, event: HitList.Highlighted) -> None:
        self.query_one(Preview).show(event.document, self._highlight)

    def on_hit_list_marks_changed(self) -> None:
        self._show_status()

    def on_hit_list_opened(self, event: HitList.Opened) -> None:
        found = self.found
        seen = next((hit for hit in found.hits if hit.id == event.document.id), None)
        self.litsearch.open_paper(event.document.id, query=found.query, hit=seen)

    # Keys

    def action_to_list(self) -> None:
        self.set_focus(self.hits)  # at once: a key typed right after is for the list

    def action_to_query(self) -> None:
        self.set_focus(self.query_one(QueryLine).input)

    def action_sort(self) -> None:
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self._show_hits(stay=False)
        self._show_beside(self.found)

    def action_facets(self) -> None:
        """Into the facets, shown for it where there is no room for them beside the papers."""
        panel = self.query_one(FacetPanel)
        shown = self.has_class("-facets")
        self.toggle_class("-facets")
        if shown:
            self.action_to_list()
        else:
            panel.query_one("#facets-list").focus()

    def action_only(self, kind: FacetKind) -> None:
        """Only papers like the one under the cursor in this."""
        document = self.hits.current
        if document is None:
            return
        author = document.authors[0] if document.authors else ""
        value = {"venue": document.venue, "author": author, "year": str(document.year or "")}[kind]
        if value:
            self._narrow(self._asked.narrowing.toggled(kind, value))

    def action_widen(self) -> None:
        self._narrow(Narrowing())

    # What the selection is (Selection)

    def selected(self) -> list[int]:
        """The papers marked or, where none is, the one under the cursor."""
        marks, current = self.hits.marks, self.hits.current
        return sorted(marks) if marks else [current.id] if current is not None else []

    def acted(self) -> None:
        self.hits.unmark()
        self._search(self._asked, quickly=False)
