"""The form for a new screening."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static, TextArea

from indexes.errors import HintedError
from litsearch.screening.screenings import Screening, candidates, create

if TYPE_CHECKING:
    from tui.desk import Desk

_STARTER = (
    "These are the papers of the starter library. What you decide of them stays there: it does not move to a "
    "library of your own once you add papers."
)


class NewScreening(ModalScreen[str | None]):
    """Gives the name of the screening that was made, None where none was."""

    CSS_PATH = "../styles/screening_forms.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave"),
        Binding("ctrl+s", "make", "Make it"),
    ]

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            if self._desk.starter:
                yield Static(_STARTER, id="starter-said", markup=False)
            yield Label("Name")
            yield Input(placeholder="short, such as: expansion", id="name", compact=True)
            yield Label("Question")
            yield Input(
                placeholder="what the review asks; it decides which papers come first",
                id="question",
                compact=True,
            )
            yield Label("Include what meets (one criterion a line)")
            yield TextArea(id="include", tab_behavior="focus", compact=True, highlight_cursor_line=False)
            yield Label("Exclude for (one reason a line, keys 1 to 9)")
            yield TextArea(id="exclude", tab_behavior="focus", compact=True, highlight_cursor_line=False)
            yield Label("Papers")
            yield Input(
                placeholder="all of the library; or those that match: +expansion year:2015..",
                id="candidates",
                compact=True,
            )
            yield Static("Tab goes on, Ctrl+S makes it, Escape leaves.", classes="hint", markup=False)
            yield Static("", classes="problem", markup=False)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        """Enter in the last field makes it, in others it goes on."""
        if event.input.id == "candidates":
            self.action_make()
        else:
            self.focus_next()

    def action_make(self) -> None:
        def field(name: str) -> str:
            return " ".join(self.query_one(f"#{name}", Input).value.split())

        def lines(name: str) -> tuple[str, ...]:
            texts = self.query_one(f"#{name}", TextArea).text.splitlines()
            return tuple(" ".join(text.split()) for text in texts if text.strip())

        self._make(
            Screening(
                field("name"), field("question"), lines("include"), lines("exclude"), field("candidates")
            )
        )

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _make(self, screening: Screening) -> None:
        try:
            if not candidates(self._desk.library, self._desk.index, screening):
                self.app.call_from_thread(self._say, "No paper matches these words. Ask for less of them.")
                return
            create(self._desk.library, screening)
        except HintedError as error:
            self.app.call_from_thread(self._say, error.said)
        else:
            self.app.call_from_thread(self.dismiss, screening.name)

    def _say(self, problem: str) -> None:
        self.query_one(".problem", Static).update(problem)
