"""Duplicates: which records were taken for one paper, to be looked over, confirmed or taken apart."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from litsearch.history import MergeRecord
from tui.widgets.library_pane import LibraryPane
from tui.widgets.listing import Listing


class MergesPane(LibraryPane[list[MergeRecord]]):
    """The last merge first. Those confirmed need no second look; those taken apart are never merged again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "confirm", "Confirm"),
        Binding("u", "unmerge", "Take apart"),
        Binding("a", "all", "All"),
        Binding("enter", "open", "Open the paper"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Listing[MergeRecord]("", "paper", "joined by", "because of", "title")
        self._with_settled = False

    def compose(self) -> ComposeResult:
        yield Static(classes="said", markup=False)
        yield self._rows

    def read(self) -> list[MergeRecord]:
        return self.desk.library.merges()[::-1]

    def show(self, found: list[MergeRecord]) -> None:
        self.query_one(Static).update(_said(found, self._with_settled))
        shown = [merge for merge in found if self._with_settled or not merge.is_settled]
        self._rows.fill([(merge, _cells(merge)) for merge in shown])

    def action_confirm(self) -> None:
        """Of a merge that is confirmed, takes the confirmation back."""
        merge = self._rows.pointed
        if merge is not None:
            library = self.desk.library

            def act() -> str:
                library.confirm_merges([merge.id], confirmed=not merge.confirmed_at)
                said = "To be looked at again" if merge.confirmed_at else "Confirmed"
                return f"{said}: {merge.key} and {_joined_by(merge)}"

            self.change(act)

    def action_unmerge(self) -> None:
        merge = self._rows.pointed
        if merge is not None:
            library = self.desk.library

            def act() -> str:
                keys = ", ".join(paper.key for paper in library.unmerge(merge.id))
                return f"Apart now, and never merged again: {keys}"

            self.change(act)

    def action_all(self) -> None:
        """All merges, or those again that are to be looked at."""
        self._with_settled = not self._with_settled
        self.reload()

    def on_data_table_row_selected(self) -> None:
        self.run_worker(self.action_open())

    async def action_open(self) -> None:
        merge = self._rows.pointed
        paper = self.desk.library.paper(merge.key) if merge is not None else None
        if paper is not None:
            self.litsearch.open_paper(paper.id)


def _said(found: list[MergeRecord], with_settled: bool) -> str:
    if not found:
        return "No records were taken for the same paper."
    confirmed = sum(bool(merge.confirmed_at) for merge in found)
    waiting = sum(not merge.is_settled for merge in found)
    undone = len(found) - waiting - confirmed
    counts = f"To be looked at: {waiting:,} · confirmed: {confirmed:,} · undone: {undone:,}"
    if with_settled:
        return f"{counts}\nAll are shown; a shows those to be looked at."
    return f"{counts}\nRecords taken for papers that were there: c confirms one, u takes it apart."


def _cells(merge: MergeRecord) -> tuple[str, ...]:
    state = "undone" if merge.undone_at else "confirmed" if merge.confirmed_at else ""
    return (state, merge.key, _joined_by(merge), merge.why, merge.title)


def _joined_by(merge: MergeRecord) -> str:
    return merge.absorbed or f"{merge.source}: {merge.name}"
