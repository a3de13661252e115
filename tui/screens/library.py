"""Library."""

from textual.app import ComposeResult
from textual.widgets import Static

from tui.place import Place


class LibraryScreen(Place):
    """Not there yet."""

    CSS_PATH = "../styles/library.tcss"

    def body(self) -> ComposeResult:
        yield Static("Library")
