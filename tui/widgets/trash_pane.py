"""The trash: papers that were removed."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from litsearch.papers import StoredPaper
from tui.widgets.library_pane import LibraryPane
from tui.widgets.listing import Listing


class TrashPane(LibraryPane[list[StoredPaper]]):
    """Restoring brings a paper back with its labels and decisions."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("u", "restore", "Restore")]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Listing[int]("paper", "year", "title")

    def compose(self) -> ComposeResult:
        yield Static(classes="said", markup=False)
        yield self._rows

    def read(self) -> list[StoredPaper]:
        return self.desk.library.trash()[::-1]

    def show(self, found: list[StoredPaper]) -> None:
        said = f"{len(found):,} removed; u restores." if found else "The trash is empty."
        self.query_one(Static).update(said)
        self._rows.fill(
            [(each.id, (each.key, str(each.paper.year or ""), each.paper.title)) for each in found]
        )

    def action_restore(self) -> None:
        paper = self._rows.pointed
        if paper is not None:
            library = self.desk.library

            def act() -> str:
                library.restore([paper])
                return "It is in the library again."

            self.change(act)

    def on_data_table_row_selected(self) -> None:
        self.action_restore()
