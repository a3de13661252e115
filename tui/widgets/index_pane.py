"""What the library holds, and how far each leg of its index has come."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from indexes.types import Coverage
from litsearch.cli.screen import plural
from litsearch.reading import LibraryStats
from tui.widgets.library_pane import LibraryPane
from tui.widgets.listing import Listing

State = tuple[LibraryStats, tuple[Coverage, ...]]


class IndexPane(LibraryPane[State]):
    """Counts above, a row for each leg below."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "catch_up", "Catch up")]

    @dataclass
    class CatchUp(Message):
        """The user wants the index up to date."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = Listing[str]("leg", "papers", "behind", "size", "encoder", "")

    def compose(self) -> ComposeResult:
        yield Static(classes="said", markup=False)
        yield self._rows

    def read(self) -> State:
        return self.desk.library.stats(), self.desk.index.status()

    def show(self, found: State) -> None:
        stats, legs = found
        years = f", {stats.first_year} to {stats.last_year}" if stats.first_year else ""
        if not any(each.present for each in legs):
            state = "There is no index, so nothing can be found: c has it built."
        elif any(each.behind for each in legs):
            state = "The index is behind: c has it catch up."
        else:
            state = "The index is up to date."
        self.query_one(Static).update(
            f"{plural(stats.papers, 'paper')}{years}; {stats.with_abstract:,} with an abstract, "
            f"{stats.trash:,} in the trash. {stats.bytes / 1e6:,.1f} MB in {self.desk.library.folder}\n"
            f"{state}"
        )
        self._rows.fill([(each.leg, _cells(each)) for each in legs])

    def action_catch_up(self) -> None:
        self.post_message(self.CatchUp())


def _cells(leg: Coverage) -> tuple[str, ...]:
    if not leg.present:
        return (leg.leg, "", "", "", leg.encoder, leg.note)
    size = f"{leg.bytes / 1e6:,.1f} MB"
    return (leg.leg, f"{leg.documents:,}", f"{leg.behind:,}", size, leg.encoder, leg.note)
