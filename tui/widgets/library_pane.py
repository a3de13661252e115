"""What the panes of the library screen have in common: they read, they change, they say what it came to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual import work
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from indexes.errors import HintedError
from litsearch.cli.screen import line

if TYPE_CHECKING:
    from tui.app import LitsearchApp
    from tui.desk import Desk

Found = TypeVar("Found")


class LibraryPane(Vertical, Generic[Found]):
    """Reads in a thread and shows what was found; changes are made in a thread too."""

    @dataclass
    class Changed(Message):
        """The library is another now."""

    @property
    def litsearch(self) -> "LitsearchApp":
        return cast("LitsearchApp", self.app)

    @property
    def desk(self) -> "Desk":
        return self.litsearch.desk

    def read(self) -> Found:
        """What the pane shows. Blocking."""
        raise NotImplementedError

    def show(self, found: Found) -> None:
        raise NotImplementedError

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def reload(self) -> None:
        try:
            found = self.read()
        except HintedError as error:
            self.app.call_from_thread(self.query_one(".said", Static).update, line(error.said))
        else:
            self.app.call_from_thread(self.show, found)

    @work(thread=True, group="change", exit_on_error=False)
    def change(self, act: Callable[[], str]) -> None:
        """Does what blocks, says what it came to, and tells the other panes."""
        try:
            done = act()
        except HintedError as error:
            self.app.call_from_thread(self.fail, error)
        else:
            self.app.call_from_thread(self.notify, done, markup=False)
            self.post_message(self.Changed())

    def fail(self, error: HintedError) -> None:
        self.notify(line(error.said), severity="error", markup=False)
