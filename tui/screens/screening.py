"""Screening."""

from textual.app import ComposeResult
from textual.widgets import Static

from tui.place import Place


class ScreeningScreen(Place):
    """Not there yet."""

    CSS_PATH = "../styles/screening.tcss"

    def body(self) -> ComposeResult:
        yield Static("Screening")
