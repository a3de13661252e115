"""A list to move in, whose entries lead to quotes and papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.entries import Entry


class EntryList(OptionList):
    """Enter or a click opens what the entry leads to. Follows its end while the user has not moved in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open"),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
        Binding("left", "turn(-1)", "Quote before", show=False),
        Binding("right", "turn(1)", "Next quote", show=False),
    ]

    @dataclass
    class Pointed(Message):
        """The user stands on an entry."""

        entries: "EntryList"
        entry: Entry

    @dataclass
    class Opened(Message):
        """The user wants to see what an entry leads to."""

        entry: Entry

    @dataclass
    class Turned(Message):
        """The user wants another of the quotes that stand behind the entry: the next, or the one before."""

        by: int

    def __init__(self, title: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False, compact=True)
        self.border_title = title

    @property
    def pointed(self) -> Entry | None:
        option = self.highlighted_option
        return option.entry if isinstance(option, _EntryOption) else None

    def show(self, entries: Iterable[Entry]) -> None:
        """These in place of those before, the first that leads somewhere pointed at."""
        shown = list(entries)
        self.set_options(_EntryOption(entry) for entry in shown)
        self.highlighted = next((at for at, entry in enumerate(shown) if entry.leads), None)

    def extend(self, entries: Iterable[Entry]) -> None:
        """These after those before."""
        self.add_options(_EntryOption(entry) for entry in entries)
        if self.highlighted is None:
            self.scroll_end(animate=False)

    def action_turn(self, by: int) -> None:
        self.post_message(self.Turned(by))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if isinstance(event.option, _EntryOption):
            self.post_message(self.Pointed(self, event.option.entry))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, _EntryOption) and event.option.entry.leads:
            self.post_message(self.Opened(event.option.entry))


class _EntryOption(Option):
    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.content, disabled=not entry.content.plain)
        self.entry = entry
