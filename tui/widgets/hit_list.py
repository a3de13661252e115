"""The papers found, a line each; only the lines in sight are made."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from indexes.types import Document, Span
from litsearch.cli.screen import line
from tui.searching import family

_MARK, _YEAR = 2, 5  # cells
_AUTHOR, _VENUE = (12, 20), (0, 28)  # cells in narrow lists and in others
_NARROW, _WIDE = 90, 120

Highlight = Callable[[str], Sequence[Span]]
Piece = tuple[str, Style]


class HitList(ScrollView, can_focus=True):
    """A cursor, marks that outlast a search, and a line for each paper.

    Not a DataTable: that measures and renders every cell through rich, and a title can't take what the
    other columns leave.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hit-list--cursor", "hit-list--match", "hit-list--dim"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "move_to(0)", "First", show=False),
        Binding("end,G", "move_to(-1)", "Last", show=False),
        Binding("enter", "open", "Read"),
        Binding("space", "mark", "Select"),
        Binding("asterisk", "mark_all", "Select all", show=False),
    ]

    cursor = reactive(0)

    @dataclass
    class Highlighted(Message):
        """The cursor was moved to a paper; None where there is none."""

        document: Document | None

    @dataclass
    class Opened(Message):
        document: Document

    @dataclass
    class MarksChanged(Message):
        marks: frozenset[int]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.documents: tuple[Document, ...] = ()
        self.marks: frozenset[int] = frozenset()
        self._highlight: Highlight = lambda _: ()
        self._lines: dict[int, Strip] = {}

    @property
    def current(self) -> Document | None:
        return self.documents[self.cursor] if self.cursor < len(self.documents) else None

    def show(
        self, documents: Sequence[Document], highlight: Highlight, *, stay: bool = False, final: bool = True
    ) -> None:
        """Other papers. To stay is to keep the cursor on its paper where that is still there.

        While they are not final the list stays as long as it was: another length is another layout of the
        whole screen, which takes longer than to find them.
        """
        before = self.current
        self.documents, self._highlight = tuple(documents), highlight
        self._lines.clear()
        if final or len(self.documents) > self.virtual_size.height:
            self.virtual_size = Size(self.size.width, len(self.documents))
        at = 0
        if stay and before is not None and self.cursor:
            at = next((n for n, each in enumerate(self.documents) if each.id == before.id), 0)
        self.set_reactive(HitList.cursor, at)
        self._into_sight()
        self.refresh()

    def watch_cursor(self, before: int, now: int) -> None:
        self._lines.pop(before, None)
        self._lines.pop(now, None)
        self._into_sight()
        self.refresh()
        self.post_message(self.Highlighted(self.current))

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.documents) - 1))

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self.size.height - 1)

    def action_move_to(self, row: int) -> None:
        self.cursor = row if row >= 0 else len(self.documents) + row

    def action_open(self) -> None:
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def action_mark(self) -> None:
        if self.current is not None:
            self._set_marks(self.marks ^ {self.current.id})
            self.cursor += 1

    def action_mark_all(self) -> None:
        """All that are listed; none where all of them were."""
        listed = frozenset(each.id for each in self.documents)
        self._set_marks(self.marks - listed if listed <= self.marks else self.marks | listed)

    def unmark(self) -> None:
        self._set_marks(frozenset())

    def _set_marks(self, marks: frozenset[int]) -> None:
        self.marks = marks
        self._lines.clear()
        self.refresh()
        self.post_message(self.MarksChanged(marks))

    def on_click(self, event: events.Click) -> None:
        row = event.y + round(self.scroll_y)
        if row >= len(self.documents):
            return
        self.cursor = row
        if event.x < _MARK:
            self._set_marks(self.marks ^ {self.documents[row].id})
        elif event.chain == 2:  # a double click
            self.action_open()

    def on_resize(self) -> None:
        self._lines.clear()
        self.virtual_size = Size(self.size.width, len(self.documents))

    def notify_style_update(self) -> None:
        self._lines.clear()
        super().notify_style_update()

    def on_focus(self) -> None:
        self._lines.clear()

    def on_blur(self) -> None:
        self._lines.clear()

    def _into_sight(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)

    def render_line(self, y: int) -> Strip:
        row = y + round(self.scroll_y)
        width = self.size.width
        if row >= len(self.documents):
            return Strip.blank(width, self.rich_style)
        if row not in self._lines:
            style = self.rich_style
            if row == self.cursor:
                style += self.get_component_rich_style("hit-list--cursor")
            pieces = self._pieces(self.documents[row], width)
            segments = [Segment(text, style + own) for text, own in pieces if text]
            self._lines[row] = Strip(segments).adjust_cell_length(width, style)
        return self._lines[row]

    def _pieces(self, document: Document, width: int) -> Iterator[Piece]:
        plain = Style.null()
        dim = self.get_component_rich_style("hit-list--dim", partial=True)
        match = self.get_component_rich_style("hit-list--match", partial=True)
        author, venue = _AUTHOR[width >= _NARROW], _VENUE[width >= _WIDE]
        title = max(10, width - _MARK - author - _YEAR - venue - 1)
        yield ("● " if document.id in self.marks else "  "), match
        text = line(document.title)
        yield from _cut(_split(text, self._highlight(text), plain, match), title)
        yield " ", plain
        others = " et al." if len(document.authors) > 1 and width >= _NARROW else ""
        yield from _cut([(family(document.authors) + others, dim)], author)
        yield f"{document.year or '':>4} ", dim
        if venue:
            yield from _cut([(line(document.venue), dim)], venue)


def _split(text: str, spans: Sequence[Span], plain: Style, match: Style) -> Iterator[Piece]:
    at = 0
    for span in spans:
        yield text[at : span.start], plain
        yield text[span.start : span.end], match
        at = span.end
    yield text[at:], plain


def _cut(pieces: Sequence[Piece] | Iterator[Piece], width: int) -> Iterator[Piece]:
    """The pieces in exactly so many cells, with an ellipsis and a blank at the end where they are more."""
    left = width
    for text, style in pieces:
        cells = cell_len(text)
        if cells > left - 1:
            yield set_cell_size(text, max(0, left - 2)) + "… "[: max(0, left)], style
            return
        yield text, style
        left -= cells
    yield " " * left, Style.null()
