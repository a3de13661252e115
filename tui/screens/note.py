"""A note, written over the paper that it is of."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from tui.entries import MUTED


class NoteEditor(ModalScreen[str | None]):
    """Answers with the text, or with None where it is to stay as it was."""

    CSS_PATH = "../styles/note.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep"),
        Binding("escape", "leave", "Leave", priority=True),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content("Note").stylize("bold"))
            yield TextArea(self._text, soft_wrap=True)
            yield Static(Content("Ctrl+S keeps it, Escape leaves it as it was").stylize(MUTED), id="keys")

    def action_keep(self) -> None:
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        """At once where nothing was changed, else at the second time."""
        keys = self.query_one("#keys", Static)
        if self.query_one(TextArea).text == self._text or keys.has_class("-asked"):
            self.dismiss(None)
            return
        keys.add_class("-asked")
        keys.update(
            Content("It was changed: Ctrl+S keeps it, Escape again throws the change away").stylize(
                "$text-warning"
            )
        )
