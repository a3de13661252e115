"""The line at the top: all places with their keys, the one that is shown marked."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.places import PLACES, PlaceName
from tui.widgets.at_work import AtWork

_KEY = "$foreground 75%"  # what is muted elsewhere can't be read on the bar in light themes


class PlaceBar(Horizontal):
    """A click on a place goes there. What is at work stands at the end."""

    def compose(self) -> ComposeResult:
        yield from (_Tab(place) for place in PLACES)
        yield AtWork()

    def on_mount(self) -> None:
        for tab in self.query(_Tab):
            tab.mark(here=tab.place.mode == self.app.current_mode)


class _Tab(Static):
    def __init__(self, place: PlaceName) -> None:
        super().__init__()
        self.place = place

    def mark(self, *, here: bool) -> None:
        """Its key recedes, but where it is marked: there nothing but the style sheet's colour can be read."""
        self.set_class(here, "-here")
        key = Content.styled(self.place.key.upper(), "" if here else _KEY)
        self.update(key + Content(f" {self.place.label}"))

    def on_click(self) -> None:
        self.app.switch_mode(self.place.mode)
