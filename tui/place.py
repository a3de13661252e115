"""What the screens have in common: where one is, what it works on, and the keys at the foot."""

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from tui.widgets.place_bar import PlaceBar

if TYPE_CHECKING:
    from tui.app import LitsearchApp
    from tui.desk import Desk


class Place(Screen[None]):
    """A screen between the bar of all places and the keys of this one. Takes no argument."""

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
