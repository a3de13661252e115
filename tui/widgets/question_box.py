"""Where a question is put, and by which settings it will be asked."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from litsearch.cli.screen import line, plural
from litsearch.config import Settings

_NEW = "Ask your library a question"
_FOLLOWING = "Ask on: the evidence found so far is kept"


class QuestionBox(Vertical):
    """Enter asks, Escape leaves the box."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave the box")]

    @dataclass
    class Asked(Message):
        """The user asks."""

        question: str
        continues: str  # id of the run that it follows on, "" where of none

    @dataclass
    class Left(Message):
        """The user has nothing to ask now."""

    def __init__(self) -> None:
        super().__init__()
        self._continues = ""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=_NEW, id="question", compact=True)
        yield Static(id="asked-by", markup=False)

    def tell(self, settings: Settings) -> None:
        """Says by what the next question is asked."""
        self.query_one("#asked-by", Static).update(settings_line(settings))

    def begin(self, continues: str = "") -> None:
        """An empty box, ready for a new question or for one that follows on a run."""
        self._empty(continues)
        self.query_one("#question", Input).focus()

    def _empty(self, continues: str = "") -> None:
        self._continues = continues
        box = self.query_one("#question", Input)
        box.value, box.placeholder = "", _FOLLOWING if continues else _NEW

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Asked(event.value, self._continues))
            self._empty()

    def action_leave(self) -> None:
        self._empty()
        self.post_message(self.Left())


def settings_line(settings: Settings) -> str:
    """Who reads, how much, and what it may cost."""
    papers = f"up to {plural(settings.max_papers, 'paper')}"
    time = f", {settings.timeout:g} s" if settings.timeout is not None else ""
    if not settings.reading:
        return f"No model: the program picks quotes from {papers}{time}"
    cost = f", ${settings.max_cost:g}" if settings.max_cost is not None else ""
    reader = f"{line(settings.reading)} reads {papers}"
    if settings.writing != settings.reading:
        reader += f", {line(settings.writing)} writes"
    return f"{reader}, {plural(settings.max_calls, 'call')} at most{cost}{time}"
