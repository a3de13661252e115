"""One paper with all that is known of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from indexes.types import Hit, Query
from tui.place import Place

if TYPE_CHECKING:
    from litsearch.agent.events import Quote


class PaperScreen(Place):
    """Not there yet."""

    CSS_PATH = "../styles/paper.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "app.pop_screen", "Back")]

    def __init__(
        self,
        paper: int,
        highlight: "Sequence[Quote]" = (),
        query: Query | None = None,
        hit: Hit | None = None,
    ) -> None:
        super().__init__()
        self.paper = paper
        self.highlight = tuple(highlight)

    def body(self) -> ComposeResult:
        yield Static(str(self.paper))
