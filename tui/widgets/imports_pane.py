"""What was imported when, and how to take it back."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from litsearch.history import ImportRecord
from tui.screens.confirm import Confirm
from tui.widgets.library_pane import LibraryPane
from tui.widgets.listing import Listing

_COLUMNS = ("import", "from", "when", "records", "added", "updated", "merged", "rejected", "")


class ImportsPane(LibraryPane[list[ImportRecord]]):
    """The last import first."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("u", "undo", "Undo the import")]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Listing[ImportRecord](*_COLUMNS)

    def compose(self) -> ComposeResult:
        yield Static(classes="said", markup=False)
        yield self._rows

    def read(self) -> list[ImportRecord]:
        return self.desk.library.imports()[::-1]

    def show(self, found: list[ImportRecord]) -> None:
        self.query_one(Static).update("u takes an import back." if found else "Nothing was imported yet.")
        self._rows.fill([(each, _cells(each)) for each in found])

    @work(exit_on_error=False)
    async def action_undo(self) -> None:
        record = self._rows.pointed
        if record is None or record.undone_at:
            return
        question = (
            f"Take back import {record.id} ({record.source})? Papers that no other import knows are gone."
        )
        if not await self.app.push_screen_wait(Confirm(question)):
            return
        library = self.desk.library

        def act() -> str:
            library.undo_import(record.id)
            return f"Import {record.id} is taken back."

        self.change(act)


def _cells(record: ImportRecord) -> tuple[str, ...]:
    counts = (record.read, record.added, record.updated, record.merged, record.rejected)
    state = "undone" if record.undone_at else "" if record.finished_at else "not finished"
    when = record.started_at[:16].replace("T", " ")
    return (str(record.id), record.source, when, *(f"{count:,}" for count in counts), state)
