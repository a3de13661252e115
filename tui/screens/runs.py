"""Runs."""

from textual.app import ComposeResult
from textual.widgets import Static

from tui.place import Place


class RunsScreen(Place):
    """Not there yet."""

    CSS_PATH = "../styles/runs.tcss"

    def body(self) -> ComposeResult:
        yield Static("Runs")
