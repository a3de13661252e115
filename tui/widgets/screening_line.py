"""How far a screening has come, in a line, and what that proves."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from litsearch.screening.progress import Progress
from tui.histogram import bar

_BAR = 20  # cells
_STARTER = "Starter library: decisions made here do not move to a library of your own."


class ScreeningLine(Vertical):
    """Counts, and the stopping statement under them."""

    def compose(self) -> ComposeResult:
        yield Static(id="screening-counts", markup=False)
        yield Static(id="screening-statement", markup=False)
        yield Static(_STARTER, id="screening-starter", markup=False)

    def show(self, name: str, progress: Progress | None, statement: str, starter: bool) -> None:
        """``statement`` is what is said of it now; counts may be ahead of what was proved last. ``starter``:
        the papers are the starter library's."""
        self.query_one("#screening-starter").display = starter
        if progress is None:
            self.query_one("#screening-counts", Static).update(Content(name).stylize("bold"))
        else:
            filled = bar(progress.decided, progress.candidates, _BAR)
            self.query_one("#screening-counts", Static).update(
                Content.assemble(
                    (filled.ljust(_BAR, "░"), "$primary"),
                    f" {progress.decided:,} of {progress.candidates:,}  ",
                    (f"✓ {progress.included:,}", "$text-success"),
                    "  ",
                    (f"? {progress.maybe:,}", "$text-warning"),
                    "  ",
                    (f"✗ {progress.excluded:,}", "$text-error"),
                    (f"  {name}", "bold"),
                )
            )
        self.query_one("#screening-statement", Static).update(statement)
