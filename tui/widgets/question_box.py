"""Where a question is put, and by which settings it will be asked."""

from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from litsearch.cli.screen import line, plural
from litsearch.config import Settings
from tui.terms import Terms
from tui.widgets.one_line import OneLine

_NEW = "Ask your library a question"
_FOLLOWING = "Ask on: the evidence found so far is kept"


class QuestionBox(Vertical):
    """Enter asks, Escape leaves the box; what is in it stays until it is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave the box"),
        Binding("ctrl+r", "review", "Review"),
        Binding("ctrl+o", "queries", "Queries"),
    ]

    @dataclass
    class Asked(Message):
        """The user asks."""

        question: str
        terms: Terms

    @dataclass
    class Left(Message):
        """The user has nothing to ask now."""

    @dataclass
    class QueriesWanted(Message):
        """The user wants to write the queries of the next question."""

    def __init__(self) -> None:
        super().__init__()
        self.terms = Terms()  # of the next question

    def compose(self) -> ComposeResult:
        yield OneLine(placeholder=_NEW, id="question", compact=True)
        yield Static(id="asked-with", markup=False)
        yield Static(id="asked-by", markup=False)

    def on_mount(self) -> None:
        self.take(self.terms)

    def tell(self, settings: Settings) -> None:
        """Says by what the next question is asked."""
        self.query_one("#asked-by", Static).update(settings_line(settings))

    def take(self, terms: Terms, question: str = "") -> None:
        """The next question is asked with these; ``question`` is put where nothing was typed yet."""
        self.terms = terms
        told = self.query_one("#asked-with", Static)
        told.update(str(terms))
        told.display = bool(str(terms))
        box = self.query_one("#question", Input)
        box.placeholder = _FOLLOWING if terms.continues else _NEW
        box.value = box.value or line(question)

    def begin(self) -> None:
        """Goes into the box; what is there is marked, so that typing takes its place."""
        box = self.query_one("#question", Input)
        box.focus()
        box.select_all()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Asked(event.value, self.terms))
            event.input.value = ""
            self.take(Terms())

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_review(self) -> None:
        """The next question ends in a review, or does not."""
        self.take(replace(self.terms, review=not self.terms.review))

    def action_queries(self) -> None:
        self.post_message(self.QueriesWanted())


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
