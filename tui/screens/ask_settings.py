"""Who reads the next questions, what they may cost, and what the next one is asked with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from litsearch.config import Settings, override
from litsearch.errors import ConfigError
from tui.terms import Terms
from tui.widgets.queries_field import QueriesField
from tui.widgets.tick import Tick

_FIELDS = {
    "model": ("Model", "none; else as litellm names it: ollama/qwen3"),
    "model_write": ("Model that writes", "the same"),
    "max_papers": ("Papers at most", ""),
    "max_calls": ("Calls at most", ""),
    "max_cost": ("Cost at most, US $", "no limit"),
    "timeout": ("Seconds at most", "no limit"),
}


_HINT = "Ctrl+S takes these, Escape leaves all as it was."
_SURE = "Ctrl+S takes the changed queries, Escape again throws them away."


class AskSettings(ModalScreen[tuple[Settings, Terms] | None]):
    """Gives the settings with what was changed, until the app is left, and the terms of the next question;
    None where nothing was. Begins in the field ``at``."""

    CSS_PATH = "../styles/ask_settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave"),
        Binding("ctrl+s", "take", "Take these"),
    ]

    def __init__(self, settings: Settings, terms: Terms, *, at: str = "model") -> None:
        super().__init__()
        self._settings = settings
        self._terms = terms
        self._at = at
        self._asked = False  # whether the changed queries are to be thrown away

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            with Grid():
                for name, (words, empty) in _FIELDS.items():
                    yield Label(words)
                    yield Input(_shown(self._settings, name), placeholder=empty, id=name, compact=True)
            yield Static("The next question alone", classes="part")
            words = "Review: sections, table of papers, limits"
            yield Tick(words, self._terms.review, id="review", compact=True)
            yield Static("Search for these, one a line, in place of planned queries:")
            yield QueriesField(self._terms.queries)
            yield Static(_HINT, classes="hint")
            yield Static("", id="problem", classes="problem", markup=False)

    def on_mount(self) -> None:
        self.query_one(f"#{self._at}").focus()

    @on(Input.Submitted)
    def action_take(self) -> None:
        try:
            settings = self._changed()
        except ConfigError as error:
            problem = error.said
            for name, (words, _) in _FIELDS.items():  # the fields as they are called here
                problem = problem.replace(f"--{name.replace('_', '-')} ", f"{words} ")
            self.query_one("#problem", Static).update(problem)
            return
        self.query_one("#problem", Static).update("")
        queries = self.query_one(QueriesField).read()
        if queries is not None:
            review = self.query_one("#review", Tick).value
            self.dismiss((settings, replace(self._terms, review=review, queries=queries)))

    def action_leave(self) -> None:
        """At once where no query was changed, else at the second time."""
        if self._asked or not self.query_one(QueriesField).changed:
            self.dismiss(None)
            return
        self._asked = True
        self.query_one(".hint", Static).update(Content.styled(_SURE, "$text-warning"))

    def _changed(self) -> Settings:
        """Raises ConfigError for what makes no sense."""
        texts = {name: self.query_one(f"#{name}", Input).value.strip() for name in _FIELDS}
        given = {name: _value(name, text) for name, text in texts.items() if text}
        empty = replace(self._settings, model="", model_read="", model_write="", max_cost=None, timeout=None)
        return override(empty, **given)


def _shown(settings: Settings, name: str) -> str:
    """A setting as it stands in its field."""
    if name == "model":
        return settings.reading
    if name == "model_write":
        return settings.writing if settings.writing != settings.reading else ""
    value = getattr(settings, name)
    return "" if value is None else f"{value:g}"


def _value(name: str, text: str) -> object:
    """A number where one is meant and written."""
    kinds: Mapping[str, type[int | float]] = {
        "max_papers": int,
        "max_calls": int,
        "max_cost": float,
        "timeout": float,
    }
    try:
        return kinds[name](text) if name in kinds else text
    except ValueError:
        return text
