"""The app: its places, what is opened from anywhere, and the desk that all of them work on."""

import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from indexes.types import Hit, Query
from litsearch.config import Settings
from tui.commands import Commands
from tui.desk import Desk
from tui.live import Live
from tui.places import PLACES
from tui.remembered import keep_theme, theme
from tui.screens.ask import AskScreen
from tui.screens.help import HelpScreen
from tui.screens.library import LibraryScreen
from tui.screens.paper import PaperScreen
from tui.screens.runs import RunsScreen
from tui.screens.screening import ScreeningScreen
from tui.screens.search import SearchScreen

if TYPE_CHECKING:
    from litsearch.agent.events import Quote


class LitsearchApp(App[None]):
    """Raises what opening the library raises, before anything is shown."""

    TITLE = "litsearch"
    CSS_PATH = "styles/app.tcss"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "search": SearchScreen,
        "ask": AskScreen,
        "runs": RunsScreen,
        "screening": ScreeningScreen,
        "library": LibraryScreen,
    }
    DEFAULT_MODE = "search"
    COMMANDS: ClassVar[set[Any]] = App.COMMANDS | {Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "help", "Help"),
        *(
            Binding(place.key, f"switch_mode({place.mode!r})", place.label, show=False, system=True)
            for place in PLACES
        ),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
    ]

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk = Desk(settings)
        self.live = Live(self)

    async def on_unmount(self) -> None:
        gc.unfreeze()
        await self.live.close()

    def on_ready(self) -> None:
        # What is there now stays: to walk through it again took 60 to 80 ms of a key in fifteen.
        gc.freeze()

    def on_mount(self) -> None:
        if (remembered := theme()) in self.available_themes:
            self.theme = remembered
        self.theme_changed_signal.subscribe(self, lambda chosen: keep_theme(chosen.name))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_light_or_dark(self) -> None:
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    def open_paper(
        self,
        id: int,  # noqa: A002
        highlight: "Sequence[Quote]" = (),
        *,
        query: Query | None = None,
        hit: Hit | None = None,
    ) -> None:
        """Shows a paper over the screen that is there, with quotes marked in its text, and why it matched
        the query that found it."""
        self.push_screen(PaperScreen(id, highlight, query, hit))

    def open_run(self, run_id: str) -> None:
        """Shows a run in the ask screen, live or from the ledger."""
        self.live.open(run_id)
        self.switch_mode("ask")

    def ask(self, question: str) -> None:
        """Asks a question in the ask screen."""
        self.live.ask(question)
        self.switch_mode("ask")

    def _fatal_error(self) -> None:
        """Ends the app without Textual's traceback, for :func:`run` to tell of the error as commands do."""
        self._close_messages_no_wait()


def run(settings: Settings) -> None:
    """Opens the app and returns when it is left. Raises what ended it, where it was an error."""
    app = LitsearchApp(settings)
    try:
        app.run()
        if app._exception is not None:
            raise app._exception
    finally:
        app.desk.close()
