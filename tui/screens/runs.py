"""Runs: every question asked so far, found by its words and shown again from the ledger."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from indexes.errors import HintedError
from litsearch.agent.ledger import RunRecord
from litsearch.cli.screen import line, plural
from tui.entries import MUTED
from tui.live import Followed
from tui.place import Place
from tui.widgets.one_line import OneLine

_MARKS = {
    "running": ("●", "at work", "$text-success"),
    "complete": ("✓", "complete", "$text-success"),
    "stopped": ("◐", "ended early", "$text-warning"),
    "failed": ("✗", "failed", "$text-error"),
    "killed": ("✗", "cut short", "$text-warning"),
}
_AGAIN = 3.0  # seconds between two looks at what other processes do


class RunsScreen(Place):
    """The newest first."""

    CSS_PATH = "../styles/runs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "Resume"),
        Binding("slash", "find", "Find", key_display="/"),
        Binding("escape", "all", "All runs", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._records: list[RunRecord] = []

    def body(self) -> ComposeResult:
        yield OneLine(placeholder="Find a question by its words", id="words", compact=True)
        yield RunList(markup=False, compact=True)
        yield Static(id="runs-told", markup=False)

    def on_mount(self) -> None:
        self.litsearch.live.moved.subscribe(self, self._moved)
        self.set_interval(_AGAIN, self._look_again)
        self.query_one(RunList).focus()

    def on_screen_resume(self) -> None:
        self._read()

    def _look_again(self) -> None:
        if self.is_current:
            self._read()

    def _moved(self, followed: Followed) -> None:
        """A run of this session began or ended; how it goes in between is told elsewhere."""
        kept = next((record for record in self._records if record.id == followed.id), None)
        if kept is None or followed.state == "ended":
            self._look_again()

    @work(thread=True, exclusive=True, group="runs", exit_on_error=False)
    def _read(self) -> None:
        try:
            records, problem = self.desk.ledger.runs(), ""
        except HintedError as error:
            records, problem = [], error.said
        self.app.call_from_thread(self._take, records, problem)

    def _take(self, records: list[RunRecord], problem: str) -> None:
        changed = records != self._records
        self._records = records
        if changed or problem or not records:
            self._show(problem)

    def _show(self, problem: str = "") -> None:
        words = self.query_one("#words", Input).value
        found = [record for record in self._records if asks(record, words)]
        current = self.litsearch.live.current
        self.query_one(RunList).show(found, ours=current.id if current else "")
        told = self.query_one("#runs-told", Static)
        if problem or not self._records:
            told.update(problem or "No question was asked yet. Ask one under Ask.")
        else:
            of = f" of {len(self._records):,}" if len(found) < len(self._records) else ""
            told.update(f"{len(found):,}{of} runs" if of else plural(len(found), "run"))
        self.refresh_bindings()

    @on(Input.Changed, "#words")
    def _narrow(self) -> None:
        self._show()

    @on(Input.Submitted, "#words")
    def _go_on(self) -> None:
        self.query_one(RunList).focus()

    @on(OptionList.OptionHighlighted)
    def _point(self) -> None:
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        if (record := self.query_one(RunList).pointed) is not None:
            self.litsearch.open_run(record.id)

    def action_resume(self) -> None:
        record = self.query_one(RunList).pointed
        if record is not None and resumable(record):
            self.litsearch.live.resume(record.id, record.question)
            self.app.switch_mode("ask")

    def action_find(self) -> None:
        self.query_one("#words", Input).focus()

    def action_all(self) -> None:
        """Ends the looking for words."""
        self.query_one("#words", Input).value = ""
        self.query_one(RunList).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002 - Textual's
        record = self.query_one(RunList).pointed if self.is_mounted else None
        match action:
            case "resume":
                return record is not None and resumable(record)
            case _:
                return True


class RunList(OptionList):
    """A run a line: how it ended, when it began, what was asked, who read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open"),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    @property
    def pointed(self) -> RunRecord | None:
        option = self.highlighted_option
        return option.record if isinstance(option, _RunOption) else None

    def show(self, records: list[RunRecord], *, ours: str) -> None:
        """These, the one that was pointed at still so where it is among them."""
        pointed = self.pointed
        self.set_options(_RunOption(record, ours=record.id == ours) for record in records)
        ids = [record.id for record in records]
        if records:
            self.highlighted = ids.index(pointed.id) if pointed and pointed.id in ids else 0


class _RunOption(Option):
    def __init__(self, record: RunRecord, *, ours: bool) -> None:
        super().__init__(run_line(record, ours=ours))
        self.record = record


def run_line(record: RunRecord, *, ours: bool) -> Content:
    """One run; one that another process carries says so."""
    mark, words, style = _MARKS[record.status]
    if record.status == "running" and not ours:
        words, style = "elsewhere", "$text-warning"
    began = record.started_at[:16].replace("T", " ")
    content = Content.assemble((f"{mark} {words:<12}", style), (f"{began}  ", MUTED), line(record.question))
    return content + Content.styled(f"  {line(record.model)}", MUTED) if record.model else content


def asks(record: RunRecord, words: str) -> bool:
    """Whether the question has all of the words, or their beginnings, in any order."""
    question = record.question.casefold()
    return all(word in question for word in words.casefold().split())


def resumable(record: RunRecord) -> bool:
    """Whether a run came to no end and nobody carries it."""
    return record.status in ("stopped", "failed", "killed")
