"""Tags and collections: how many papers have each, and which."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import DataTable, Static

from litsearch.labels import LabelKind
from litsearch.papers import StoredPaper
from tui.screens.confirm import Confirm
from tui.widgets.library_pane import LibraryPane
from tui.widgets.listing import Listing

Label = tuple[LabelKind, str]
_SHOWN = 500  # papers of a label


class LabelsPane(LibraryPane[list[tuple[Label, int]]]):
    """Labels on the left, the papers of the one pointed at on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "take_off", "Take off")]

    def __init__(self) -> None:
        super().__init__()
        self._labels = Listing[Label]("", "label", "papers", id="label-list")
        self._labelled = Listing[StoredPaper]("paper", "title", id="labelled")

    def compose(self) -> ComposeResult:
        yield Static(classes="said", markup=False)
        with Horizontal():
            yield self._labels
            yield self._labelled

    def read(self) -> list[tuple[Label, int]]:
        library = self.desk.library
        found: list[tuple[Label, int]] = [(("tag", name), count) for name, count in library.tags().items()]
        found += [(("collection", name), count) for name, count in library.collections().items()]
        return found

    def show(self, found: list[tuple[Label, int]]) -> None:
        self.query_one(Static).update(
            "d takes a label off the paper pointed at, or off all of them. Papers get theirs in Search."
            if found
            else "There are no tags or collections yet: papers get them in Search."
        )
        self._labels.fill([((kind, name), (kind, name, f"{count:,}")) for (kind, name), count in found])
        self._read_papers()

    @on(DataTable.RowHighlighted, "#label-list")
    def _moved(self) -> None:
        self._read_papers()

    @work(thread=True, exclusive=True, group="papers", exit_on_error=False)
    def _read_papers(self) -> None:
        label = self._label
        papers = self._papers(label) if label is not None else []
        rows = [(each, (each.key, each.paper.title)) for each in papers[:_SHOWN]]
        self.app.call_from_thread(self._labelled.fill, rows)

    @property
    def _label(self) -> Label | None:
        return self._labels.pointed

    def _papers(self, label: Label) -> list[StoredPaper]:
        kind, name = label
        library = self.desk.library
        return list(library.all(tag=name) if kind == "tag" else library.all(collection=name))

    @on(DataTable.RowSelected, "#labelled")
    def _open(self) -> None:
        paper = self._labelled.pointed
        if paper is not None:
            self.litsearch.open_paper(paper.id)

    @work(exit_on_error=False)
    async def action_take_off(self) -> None:
        label, papers = self._label, self._labelled
        if label is None:
            return
        one = papers.pointed if papers.has_focus else None
        kind, name = label
        question = f"Take the {kind} {name} off all papers?"
        if one is None and not await self.app.push_screen_wait(Confirm(question)):
            return
        library = self.desk.library

        def act() -> str:
            keys = [one.key] if one is not None else [each.key for each in self._papers(label)]
            count = library.untag(keys, [name]) if kind == "tag" else library.uncollect(keys, [name])
            return f"{name} is off {count:,} papers." if one is None else f"{name} is off {one.key}."

        self.change(act)
