"""A question over the screen that is answered in a line."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from tui.entries import MUTED
from tui.widgets.one_line import OneLine


class Prompt(ModalScreen[str | None]):
    """Answers with the text, or with None where it was left."""

    CSS_PATH = "../styles/prompt.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(
        self, title: str, hint: str = "", *, value: str = "", suggestions: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._title, self._hint, self._value = title, hint, value
        self._suggestions = list(suggestions)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(self._title).stylize("bold"))
            yield OneLine(self._value, suggester=SuggestFromList(self._suggestions, case_sensitive=False))
            yield Static(Content(self._hint).stylize(MUTED))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)
