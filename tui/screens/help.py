"""The help page: the keys of the place that it was called from, and what works everywhere."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.keys import grouped
from tui.place import Place
from tui.places import PLACES

_KEYS = 16  # cells
_HEADS = ("Keys here", "Keys in this field or list", "Keys outside of it (Escape leaves it)")
_ABOUT = {
    "search": "Results come as you type, over words, weighed concepts and meanings. Facets narrow them. "
    'Write "a phrase", +must, -not, author:name, year:2019.. and more.',
    "ask": "A question is searched, papers are judged and quoted, and an answer is put together from checked "
    "quotes. A run goes on while you look elsewhere.",
    "runs": "All questions that were asked, to be shown again without any model.",
    "screening": "Papers are decided one after the other, the most promising first. The line at the top says "
    "how much of what is relevant was found.",
    "library": "Papers are added, put in order, removed and brought back; the index catches up by itself.",
}
_EVERYWHERE = (
    *((place.key.upper(), place.label) for place in PLACES),
    ("^p", "All commands, by their names"),
    ("F1  ?", "This page"),
    ("Tab", "To the next field or list"),
    ("^q", "Quit"),
)


class HelpScreen(Place):
    """``asked_from`` is the screen whose keys are told."""

    CSS_PATH = "../styles/help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f1,question_mark", "app.pop_screen", "Back")]

    def __init__(self, asked_from: Screen[Any]) -> None:
        super().__init__()
        about = _ABOUT.get(asked_from.app.current_mode, "") if isinstance(asked_from, Place) else ""
        sections = [
            _section(head, (("  ".join(key.keys), key.words) for key in keys))
            for head, keys in zip(_HEADS, grouped(asked_from), strict=True)
            if keys
        ]
        self._words = Content("\n\n").join(
            [*([Content(about)] if about else []), *sections, _section("Keys everywhere", _EVERYWHERE)]
        )

    def body(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(self._words)


def _section(head: str, lines: Iterable[tuple[str, str]]) -> Content:
    rows = [Content.assemble((f"  {keys:<{_KEYS}}", "$text-accent"), f" {words}") for keys, words in lines]
    return Content("\n").join([Content(head).stylize("bold"), *rows])
