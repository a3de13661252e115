"""What the screens have in common: where one is, what it works on, and the keys at the foot."""

import logging
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer
from textual.worker import Worker, WorkerState

from indexes.errors import HintedError
from tui.widgets.place_bar import PlaceBar

if TYPE_CHECKING:
    from tui.app import LitsearchApp
    from tui.desk import Desk

log = logging.getLogger(__name__)


class Place(Screen[None]):
    """A screen between the bar of all places and the keys of this one. Takes no argument.

    A worker of it that fails is told of and ends nothing, if it was started with ``exit_on_error=False``.
    """

    @property
    def desk(self) -> "Desk":
        return self.litsearch.desk

    @property
    def litsearch(self) -> "LitsearchApp":
        """The app with its own methods."""
        return cast("LitsearchApp", self.app)

    def compose(self) -> ComposeResult:
        yield PlaceBar()
        yield from self.body()
        yield Footer(show_command_palette=False)

    def body(self) -> ComposeResult:
        """What stands between the bar and the foot."""
        raise NotImplementedError

    def tell(self, text: str) -> None:
        """Says what was done, for a moment."""
        self.notify(text, markup=False)

    def tell_error(self, error: BaseException) -> None:
        """Says what went wrong and what to do about it."""
        if isinstance(error, HintedError):
            self.notify(error.hint, title=error.message, severity="error", timeout=10, markup=False)
        elif isinstance(error, OSError) and error.filename is not None:
            self.notify(str(error.filename), title=str(error.strerror), severity="error", markup=False)
        else:
            log.error("a worker failed", exc_info=error)
            self.notify(
                f"{type(error).__name__}: {error}\nNothing is lost. `litsearch -v` logs where it was.",
                title="litsearch failed unexpectedly",
                severity="error",
                timeout=15,
                markup=False,
            )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.tell_error(event.worker.error)
