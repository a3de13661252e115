"""Where queries of one's own are written, one a line, and what is wrong with one under its place."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from litsearch.cli.screen import line, safe
from tui.terms import BadQuery, read_queries

_BEFORE, _AFTER = 40, 20  # characters of the line that are shown around a fault


class QueriesField(Vertical):
    """A text whose first fault is told below it, until it is mended."""

    def __init__(self, queries: Iterable[str]) -> None:
        super().__init__()
        self._text = "\n".join(queries)

    def compose(self) -> ComposeResult:
        yield TextArea(
            self._text,
            id="queries",
            compact=True,
            highlight_cursor_line=False,
            placeholder='none: they are planned. Else words, "a phrase", +must, -not',
        )
        yield Static(id="queries-fault", classes="problem", markup=False)

    @property
    def area(self) -> TextArea:
        return self.query_one(TextArea)

    @property
    def changed(self) -> bool:
        return self.area.text != self._text

    def read(self) -> tuple[str, ...] | None:
        """The queries; None where one can't be read, and then the cursor is on it."""
        read = read_queries(self.area.text)
        if isinstance(read, BadQuery):
            self._show(read)
            self.area.cursor_location = (read.line, read.column)
            self.area.focus()
            self.call_after_refresh(self.query_one("#queries-fault").scroll_visible, animate=False)
            return None
        return read

    @on(TextArea.Changed)
    def _look_again(self) -> None:
        if self.query_one("#queries-fault", Static).display:
            read = read_queries(self.area.text)
            self._show(read if isinstance(read, BadQuery) else None)

    def on_mount(self) -> None:
        self._show(None)

    def _show(self, bad: BadQuery | None) -> None:
        fault = self.query_one("#queries-fault", Static)
        fault.display = bad is not None
        if bad is not None:
            fault.update(fault_text(bad))


def fault_text(bad: BadQuery) -> str:
    """What is wrong, and with a caret where."""
    if not bad.pointed:
        return f"Line {bad.line + 1}: {line(bad.problem)}"
    start = max(0, bad.column - _BEFORE)
    before, after = (
        safe(text).replace("\t", " ")
        for text in (bad.text[start : bad.column], bad.text[bad.column : bad.column + _AFTER])
    )
    return f"Line {bad.line + 1}: {line(bad.problem)}\n{before}{after}\n{' ' * cell_len(before)}^"
