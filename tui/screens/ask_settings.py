"""Who reads the next questions, and what they may cost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from litsearch.config import Settings, override
from litsearch.errors import ConfigError

_FIELDS = {
    "model": ("Model", "none; or as litellm names it, such as ollama/qwen3"),
    "model_write": ("Model that writes", "the same"),
    "max_papers": ("Papers at most", ""),
    "max_calls": ("Calls at most", ""),
    "max_cost": ("Cost at most, US $", "no limit"),
    "timeout": ("Seconds at most", "no limit"),
}


class AskSettings(ModalScreen[Settings | None]):
    """Gives the settings with what was changed, until the app is left; None where nothing was."""

    CSS_PATH = "../styles/ask_settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Grid():
                for name, (words, empty) in _FIELDS.items():
                    yield Label(words)
                    yield Input(_shown(self._settings, name), placeholder=empty, id=name, compact=True)
            yield Static(
                "Enter takes these for the questions to come, Escape leaves all as it was.", classes="hint"
            )
            yield Static("", classes="problem", markup=False)

    @on(Input.Submitted)
    def _take(self) -> None:
        try:
            self.dismiss(self._changed())
        except ConfigError as error:
            problem = f"{error.message}. {error.hint}".strip()
            for name, (words, _) in _FIELDS.items():  # the fields as they are called here
                problem = problem.replace(f"--{name.replace('_', '-')} ", f"{words} ")
            self.query_one(".problem", Static).update(problem)

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
