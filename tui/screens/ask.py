"""Ask."""

from textual.app import ComposeResult
from textual.widgets import Static

from tui.place import Place


class AskScreen(Place):
    """Not there yet."""

    CSS_PATH = "../styles/ask.tcss"

    def body(self) -> ComposeResult:
        yield Static("Ask")
