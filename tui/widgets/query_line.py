"""Where a query is typed, and what is wrong with it right under the place."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input, Static

from indexes.errors import HintedError, QuerySyntaxError
from litsearch.cli.screen import line
from tui.widgets.one_line import OneLine

_BEFORE = 2  # cells before the text: the prompt


class _QueryInput(OneLine):
    """What is typed changes its length, but not where anything is: no key lays the whole screen out again."""

    virtual_size = Reactive(Size(0, 0))


class QueryLine(Vertical):
    """An input whose faults are shown below it."""

    def compose(self) -> ComposeResult:
        yield Static("❯", id="query-prompt")
        yield _QueryInput(
            placeholder='Search: words, "a phrase", author:name, year:2019..', compact=True, id="query"
        )
        yield Static(id="query-fault")

    @property
    def input(self) -> Input:
        return self.query_one(Input)

    def show_fault(self, error: HintedError | None) -> None:
        fault = self.query_one("#query-fault", Static)
        if fault.display != (error is not None):
            fault.display = error is not None
        if error is None:
            return
        said = line(error.said)
        if not isinstance(error, QuerySyntaxError):
            fault.update(Content(said))
            return
        column = _BEFORE + cell_len(error.query[: error.position]) - round(self.input.scroll_x)
        room = max(0, self.size.width - column - 2)
        if cell_len(said) <= room:  # beside the caret, or below it
            fault.update(Content(" " * column + "^ " + said))
        else:
            fault.update(Content(" " * max(0, column) + "^\n" + said))
