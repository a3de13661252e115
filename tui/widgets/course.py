"""How a run goes while it goes: searches with their yield, papers judged, findings with their stance."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Container

from litsearch.agent.events import Event
from tui.course_entries import Side, course_entries
from tui.entries import Entry
from tui.widgets.entry_list import EntryList


class Course(Container):
    """Two lists, side by side where there is room, that grow with the events."""

    def compose(self) -> ComposeResult:
        yield EntryList("Searching and judging", id="searching")
        yield EntryList("Reading and writing", id="reading")

    def clear(self) -> None:
        for entries in self.query(EntryList):
            entries.clear_options()

    def take(self, events: Iterable[Event]) -> None:
        """Many events at once are one change of the screen."""
        sides: dict[Side, list[Entry]] = {"searching": [], "reading": []}
        for event in events:
            side, entries = course_entries(event)
            sides[side] += entries
        for name, grown in sides.items():
            if grown:
                self.query_one(f"#{name}", EntryList).extend(grown)
