"""Duplicates: which records were taken for one paper, to be looked over and taken apart."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from litsearch.history import MergeRecord
from tui.widgets.library_pane import LibraryPane
from tui.widgets.listing import Listing


class MergesPane(LibraryPane[list[MergeRecord]]):
    """The last merge first. Those taken apart are never merged again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "unmerge", "Take apart"),
        Binding("enter", "open", "Open the paper"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Listing[MergeRecord]("paper", "joined by", "because of", "title")

    def compose(self) -> ComposeResult:
        yield Static(classes="said", markup=False)
        yield self._rows

    def read(self) -> list[MergeRecord]:
        return [merge for merge in reversed(self.desk.library.merges()) if not merge.undone_at]

    def show(self, found: list[MergeRecord]) -> None:
        said = (
            f"Records taken for papers that were there already: {len(found):,}. u takes one apart again."
            if found
            else "No records were taken for the same paper."
        )
        self.query_one(Static).update(said)
        self._rows.fill(
            [
                (each, (each.key, each.absorbed or f"{each.source}: {each.name}", each.why, each.title))
                for each in found
            ]
        )

    def action_unmerge(self) -> None:
        merge = self._rows.pointed
        if merge is not None:
            library = self.desk.library

            def act() -> str:
                keys = ", ".join(paper.key for paper in library.unmerge(merge.id))
                return f"Apart now, and never merged again: {keys}"

            self.change(act)

    def on_data_table_row_selected(self) -> None:
        self.run_worker(self.action_open())

    async def action_open(self) -> None:
        merge = self._rows.pointed
        paper = self.desk.library.paper(merge.key) if merge is not None else None
        if paper is not None:
            self.litsearch.open_paper(paper.id)
