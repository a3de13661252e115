"""The line at the top: all places with their keys, the one that is shown marked."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.entries import MUTED
from tui.places import PLACES, PlaceName
from tui.widgets.at_work import AtWork


class PlaceBar(Horizontal):
    """A click on a place goes there. What is at work stands at the end."""

    def compose(self) -> ComposeResult:
        yield from (_Tab(place) for place in PLACES)
        yield AtWork()

    def on_mount(self) -> None:
        for tab in self.query(_Tab):
            tab.set_class(tab.place.mode == self.app.current_mode, "-here")


class _Tab(Static):
    def __init__(self, place: PlaceName) -> None:
        super().__init__(Content.assemble((place.key.upper(), MUTED), " ", place.label))
        self.place = place

    def on_click(self) -> None:
        self.app.switch_mode(self.place.mode)
