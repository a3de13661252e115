"""A table of things that can be pointed at, each with a value behind it."""

from collections.abc import Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from litsearch.cli.screen import line

Value = TypeVar("Value", bound=Hashable)


class Listing(DataTable[Text], Generic[Value]):
    """Rows keep their place when they are filled again. Cells are shown as they are, never as markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    def __init__(self, *columns: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(cursor_type="row", id=id)
        self._names_of_columns = columns
        self._values: list[Value] = []

    @property
    def pointed(self) -> Value | None:
        return self._values[self.cursor_row] if 0 <= self.cursor_row < len(self._values) else None

    def fill(self, rows: Sequence[tuple[Value, Sequence[str]]]) -> None:
        at = self.cursor_row
        self.clear(columns=True)
        self.add_columns(*(Text(name) for name in self._names_of_columns))
        self._values = [value for value, _ in rows]
        for _, cells in rows:
            self.add_row(*(Text(line(cell)) for cell in cells))
        self.move_cursor(row=min(at, len(rows) - 1), animate=False)

    def append(self, value: Value, cells: Sequence[str]) -> None:
        if not self.columns:
            self.add_columns(*(Text(name) for name in self._names_of_columns))
        self._values.append(value)
        self.add_row(*(Text(line(cell)) for cell in cells))
