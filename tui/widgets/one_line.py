"""A field of one line, into which a text of several can be pasted."""

from collections.abc import Sequence

from textual import events
from textual.widgets import Input

from litsearch.cli.screen import safe


class OneLine(Input):
    """What is pasted comes in whole, on one line: a title copied from a page is broken where that was."""

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()  # which takes the first line alone
        event.stop()
        lines = [part.replace("\t", " ") for part in safe(event.text).splitlines()]
        self.replace(self.joined(lines), *self.selection)

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one."""
        return " ".join(lines)
