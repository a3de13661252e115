"""Where the reason for a decision is typed."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from litsearch.screening.decisions import Verdict
from tui.widgets.record_view import SIGNS


class ReasonLine(Horizontal):
    """Hidden until a verdict asks for its reason. Enter decides, Escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave")]

    @dataclass
    class Given(Message):
        verdict: Verdict
        reason: str

    @dataclass
    class Left(Message):
        """No decision was made."""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield Input(placeholder="why? Enter decides, Escape leaves it", compact=True)

    def ask(self, verdict: Verdict) -> None:
        self._verdict = verdict
        sign, style = SIGNS[verdict]
        self.query_one(Static).update(Content.assemble((f"{sign} {verdict}: ", style)))
        self.query_one(Input).value = ""
        self.display = True
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.display = False
        self.post_message(self.Given(self._verdict, event.value.strip()))

    def action_leave(self) -> None:
        self.display = False
        self.post_message(self.Left())
