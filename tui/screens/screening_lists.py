"""Lists to choose from: the screenings there are, and what was decided in one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from indexes.errors import HintedError
from litsearch.cli.screen import line
from litsearch.screening.decisions import Decision
from litsearch.screening.screenings import screenings
from tui.entries import MUTED
from tui.widgets.record_view import verdict_line

if TYPE_CHECKING:
    from tui.desk import Desk

Chosen = TypeVar("Chosen")


class _Choice(ModalScreen[Chosen | None], Generic[Chosen]):
    """Gives what was chosen, None where nothing was."""

    CSS_PATH = "../styles/screening_forms.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Leave"),
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
    ]
    HEAD = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -list"):
            yield Static(self.HEAD, classes="hint", markup=False)
            yield OptionList(markup=False, compact=True)

    def action_cursor(self, by: int) -> None:
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def fill(self, entries: Mapping[Chosen, Content], nothing: str) -> None:
        self._values = list(entries)
        options = self.query_one(OptionList)
        options.set_options(Option(content) for content in entries.values())
        options.highlighted = 0 if entries else None
        if not entries:
            self.query_one(Static).update(nothing)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._values[event.option_index])


class Screenings(_Choice[str]):
    """All screenings of the library."""

    HEAD = "Enter opens a screening."

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk

    def on_mount(self) -> None:
        self._read()

    @work(thread=True, exit_on_error=False)
    def _read(self) -> None:
        try:
            found = screenings(self._desk.library)
        except HintedError as error:
            self.app.call_from_thread(self.query_one(Static).update, error.message)
            return
        entries = {
            each.name: Content.assemble((line(each.name), "bold"), "  ", (line(each.question), MUTED))
            for each in reversed(found)
        }
        self.app.call_from_thread(self.fill, entries, "There are no screenings yet: n makes one.")


class Decided(_Choice[int]):
    """What was decided, the last first."""

    HEAD = "Enter shows a paper again, to be decided anew."

    def __init__(self, decisions: Mapping[int, Decision], titles: Mapping[int, str]) -> None:
        super().__init__()
        self._decisions, self._titles = decisions, titles

    def on_mount(self) -> None:
        entries = {}
        for paper in reversed(list(self._decisions)):
            title = (self._titles.get(paper, ""), MUTED)
            entries[paper] = Content.assemble(verdict_line(self._decisions[paper]), "  ", title)
        self.fill(entries, "Nothing is decided yet.")
