"""Adding papers: which files, how far it is, what came of each, and what could not be taken."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from tui.adding import Added
from tui.widgets.listing import Listing
from tui.widgets.one_line import OneLine

_COUNTS = ("added", "updated", "unchanged", "merged", "rejected")
_SHOWN = 200  # rejected records of a file


class _Paths(OneLine):
    """Several lines are several paths, with whatever blanks they have."""

    def joined(self, lines: Sequence[str]) -> str:
        return shlex.join(lines) if len(lines) > 1 else super().joined(lines)


class AddPane(Vertical):
    """Paths are typed, pasted or dropped onto the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave the field")]

    @dataclass
    class Asked(Message):
        paths: str
        tags: list[str]

    def __init__(self) -> None:
        super().__init__()
        self._added = Listing[Added]("file", "records", *_COUNTS, id="added")
        self._rejected = Listing[int]("record", "line", "rejected because", id="rejected")

    def compose(self) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Label("Files ")
            yield _Paths(
                placeholder="paths of files or folders: BibTeX, RIS, CSV, JSON, PubMed ...",
                id="paths",
                compact=True,
            )
        with Horizontal(classes="field"):
            yield Label("Tags  ")
            yield Input(placeholder="none, or some with commas between them", id="tags", compact=True)
        yield self._added
        yield Static(id="rejects-said", markup=False)
        yield self._rejected

    def on_mount(self) -> None:
        self._rejected.display = False

    @on(Input.Submitted)
    def _ask(self) -> None:
        paths, tags = (self.query_one(f"#{name}", Input).value.strip() for name in ("paths", "tags"))
        if paths:
            self.post_message(self.Asked(paths, [tag.strip() for tag in tags.split(",") if tag.strip()]))
            self.query_one("#paths", Input).value = ""

    def action_leave(self) -> None:
        self._added.focus()

    def take(self, added: Added) -> None:
        """One more file that is done."""
        if (report := added.report) is None:
            error = added.error
            said = f"not read: {error.said}" if error else ""
            self._added.append(added, (added.path.name, said, "", "", "", "", ""))
        else:
            counts = [report.read, *(getattr(report, name) for name in _COUNTS)]
            self._added.append(added, (added.path.name, *(f"{count:,}" for count in counts)))
        self._added.move_cursor(row=self._added.row_count - 1, animate=False)
        self._details(added)

    @on(Listing.RowHighlighted, "#added")
    def _moved(self) -> None:
        if (added := self._added.pointed) is not None:
            self._details(added)

    def _details(self, added: Added) -> None:
        """What there is to say of a file beyond its counts."""
        said = []
        if added.error is not None:
            said.append(added.error.said)
        if added.report is not None and added.report.interrupted:
            said.append("Stopped: what the counts say is in the library; add the file again for the rest.")
        if added.rejects is not None:
            said.append(f"Mend the rejected records in {added.rejects} and add that file.")
        self.query_one("#rejects-said", Static).update("\n".join(said))
        problems = added.report.problems[:_SHOWN] if added.report is not None else ()
        self._rejected.display = bool(problems)
        self._rejected.fill(
            [(each.number, (f"{each.number:,}", str(each.line or ""), each.reason)) for each in problems]
        )
