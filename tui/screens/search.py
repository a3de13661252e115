"""Search."""

from textual.app import ComposeResult
from textual.widgets import Static

from tui.place import Place


class SearchScreen(Place):
    """Not there yet."""

    CSS_PATH = "../styles/search.tcss"

    def body(self) -> ComposeResult:
        yield Static("Search")
