"""What the papers found have in common, beside them: a key or a click narrows to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Sparkline, Static
from textual.widgets.option_list import Option

from litsearch.browsing import Facets
from litsearch.cli.screen import line
from tui.entries import MUTED
from tui.histogram import bar, by_year, grouped
from tui.searching import FacetKind, Narrowing

_HEADS: dict[FacetKind, str] = {
    "year": "Years",
    "venue": "Venues",
    "author": "Authors",
    "tag": "Tags",
    "collection": "Collections",
    "source": "Sources",
}
_BAR = 8  # cells


@dataclass(frozen=True, slots=True)
class Entry:
    kind: FacetKind
    value: str
    papers: int


class FacetPanel(Vertical):
    """A sparkline of years over a list of values by kind."""

    @dataclass
    class Chosen(Message):
        kind: FacetKind
        value: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._facets, self._narrowing = Facets(), Narrowing()
        self._entries: dict[str, Entry] = {}

    def compose(self) -> ComposeResult:
        yield Sparkline(id="years-sparkline")
        yield Static(id="years-ends")
        yield OptionList(id="facets-list", compact=True)

    def on_resize(self) -> None:
        self.show(self._facets, self._narrowing)

    def show(self, facets: Facets, narrowing: Narrowing) -> None:
        self._facets, self._narrowing = facets, narrowing
        counts = by_year(facets.years)
        spark = self.query_one(Sparkline)
        spark.data, spark.display = counts, bool(counts)
        self._show_ends(facets)
        options = self.query_one(OptionList)
        at = options.highlighted
        self._entries = {}
        options.set_options(self._options(facets, narrowing))
        options.highlighted = at if at is not None and at < options.option_count else None

    def _show_ends(self, facets: Facets) -> None:
        ends = self.query_one("#years-ends", Static)
        ends.display = bool(facets.years)
        if facets.years:
            first, last = str(facets.years[0][0]), str(facets.years[-1][0])
            gap = max(1, self._width() - len(first) - len(last))
            ends.update(Content(first + " " * gap + last if first != last else first), layout=False)

    def _width(self) -> int:
        """Cells of a line: those of the panel without the list's scrollbar."""
        return max(20, self.size.width - 1)

    def _options(self, facets: Facets, narrowing: Narrowing) -> Iterator[Option]:
        by_kind: dict[FacetKind, list[Entry]] = {
            "year": [Entry("year", each.label, each.papers) for each in grouped(facets.years)],
            "venue": [Entry("venue", *each) for each in facets.venues],
            "author": [Entry("author", *each) for each in facets.authors],
            "tag": [Entry("tag", *each) for each in facets.tags],
            "collection": [Entry("collection", *each) for each in facets.collections],
            "source": [Entry("source", *each) for each in facets.sources],
        }
        for kind, entries in by_kind.items():
            listed = {entry.value for entry in entries}
            entries += [Entry(kind, value, 0) for value in narrowing.of(kind) if value not in listed]
            if not entries:
                continue
            yield Option(Content(_HEADS[kind]).stylize("bold"), disabled=True)
            most = max(entry.papers for entry in entries)
            for entry in entries:
                name = str(len(self._entries))
                self._entries[name] = entry
                chosen = (kind, entry.value) in narrowing.chosen
                yield Option(self._line(entry, most, chosen=chosen), id=name)

    def _line(self, entry: Entry, most: int, *, chosen: bool) -> Content:
        count = f"{entry.papers:,}" if entry.papers else ""
        tail = f"{bar(entry.papers, most, _BAR):<{_BAR}} {count:>6}" if entry.kind == "year" else f" {count}"
        room = self._width() - 2 - len(tail)
        text = line(entry.value)
        name = text if cell_len(text) <= room else set_cell_size(text, room - 1) + "…"
        style = "$text-accent bold" if chosen else ""
        return Content.assemble(
            ("● " if chosen else "  ", style),
            (set_cell_size(name, room), style),
            (tail, "$text-primary" if entry.kind == "year" else MUTED),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        entry = self._entries.get(event.option.id or "")
        if entry is not None:
            self.post_message(self.Chosen(entry.kind, entry.value))
