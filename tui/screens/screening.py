"""Screening: papers one after the other, the most promising first, each decided with a key."""

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content

from indexes.errors import HintedError
from litsearch.cli.screen import line
from litsearch.screening.decisions import Decision, Verdict
from litsearch.screening.screenings import screenings
from tui.place import Place
from tui.screens.new_screening import NewScreening
from tui.screens.screening_lists import Decided, Screenings
from tui.sitting import Outlook, Record, Sitting
from tui.widgets.criteria import KEYS, Criteria
from tui.widgets.reason_line import ReasonLine
from tui.widgets.record_view import RecordView
from tui.widgets.screening_line import ScreeningLine

_DECIDING = ("decide", "exclude_for", "reason", "skip", "undo", "new", "list", "decided", "open")
_WELCOME = (
    "Screening decides paper by paper what belongs into a review.\n\n"
    "n makes a screening: a question, criteria, and which papers are up for a decision. Then i includes the "
    "paper shown, m says maybe, x excludes it. Every decision teaches which papers to show next, and the "
    "line above tells how much of what is relevant was found."
)


class ScreeningScreen(Place):
    """Keys never wait: the next paper is there already, and deciding and learning go on behind it."""

    CSS_PATH = "../styles/screening.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (as Textual declares it)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "decide('include')", "Include"),
        Binding("m", "decide('maybe')", "Maybe"),
        Binding("x", "decide('exclude')", "Exclude"),
        Binding("I", "reason('include')", "Include, with a reason", show=False),
        Binding("M", "reason('maybe')", "Maybe, with a reason", show=False),
        Binding("X", "reason('exclude')", "Exclude, with a reason", show=False),
        *(
            Binding(str(n), f"exclude_for({n})", f"Exclude for reason {n}", show=False)
            for n in range(1, KEYS + 1)
        ),
        Binding("u", "undo", "Undo"),
        Binding("s", "skip", "Skip"),
        Binding("enter", "open", "Open the paper", show=False),
        Binding("v", "decided", "Decided so far", show=False),
        Binding("l", "list", "List"),
        Binding("n", "new", "New"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._sitting: Sitting | None = None
        self._outlook: Outlook | None = None
        self._decisions: dict[int, Decision] = {}  # also those that are still being written
        self._records: dict[int, Record] = {}
        self._skipped: list[int] = []
        self._current: int | None = None
        self._writing = asyncio.Lock()  # decisions are written in the order in which they were made
        self._unwritten = 0
        self._looking = self._stale = False

    def body(self) -> ComposeResult:
        yield ScreeningLine()
        with Container(id="screening"):
            yield RecordView()
            yield Criteria()
        yield ReasonLine()

    def on_mount(self) -> None:
        self.query_one(RecordView).focus()

    def on_screen_resume(self) -> None:
        if self._sitting is not None and self._sitting.library is not self.desk.library:
            self._sitting = self._current = None
            self.tell("This is your own library now. What was screened in the starter library stayed there.")
        if self._sitting is None:
            self._open(None)  # another process may have made one
        elif not self._unwritten:
            self._look()  # papers may have come, and another process may have decided

    # Opening

    @work(exclusive=True, group="open", exit_on_error=False)
    async def _open(self, name: str | None) -> None:
        """The screening of that name; the newest where none is named."""
        try:
            sitting = await asyncio.to_thread(self._sit, name)
        except HintedError as error:
            self._fail(error)
            return
        if sitting is None:
            self._welcome()
            return
        self._sitting, self._outlook, self._current = sitting, None, None
        self._decisions, self._records, self._skipped = {}, {}, []
        self.query_one(Criteria).display = True
        self.query_one(Criteria).show(sitting.screening)
        name = line(sitting.screening.name)
        self.query_one(ScreeningLine).show(name, None, "Looking for the papers ...", sitting.starter)
        self.query_one(RecordView).say(Content(""))
        self._look()

    def _sit(self, name: str | None) -> Sitting | None:
        known = screenings(self.desk.library) if name is None else []
        newest = known[-1].name if known else name
        return Sitting(self.desk, newest) if newest is not None else None

    def _welcome(self) -> None:
        self.query_one(ScreeningLine).show("Screening", None, "There is no screening yet.", self.desk.starter)
        self.query_one(RecordView).say(Content(_WELCOME))
        self.query_one(Criteria).display = False

    # Deciding

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a reason is asked for, no letter of it decides anything, however late it is looked at."""
        return action not in _DECIDING or not any(each.display for each in self.query(ReasonLine))

    def action_decide(self, verdict: Verdict, reason: str = "") -> None:
        if self._sitting is None or self._current is None:
            return
        paper, self._current = self._current, None
        self._decisions[paper] = Decision(paper, verdict, reason, "user", "")
        self._unwritten += 1
        self.run_worker(self._write(self._sitting, paper, verdict, reason), exit_on_error=False)
        self._next()

    async def _write(self, sitting: Sitting, paper: int, verdict: Verdict, reason: str) -> None:
        try:
            async with self._writing:
                await asyncio.to_thread(sitting.decisions.decide, paper, verdict, reason)
        except HintedError as error:
            self._decisions.pop(paper, None)
            self._fail(error)
        finally:
            self._unwritten -= 1
        if not self._unwritten:
            self._look()

    def action_exclude_for(self, number: int) -> None:
        if self._sitting is not None and number <= len(self._sitting.screening.exclude):
            self.action_decide("exclude", self._sitting.screening.exclude[number - 1])

    def action_reason(self, verdict: Verdict) -> None:
        if self._current is not None:
            self.query_one(ReasonLine).ask(verdict)

    @on(ReasonLine.Given)
    def _given(self, event: ReasonLine.Given) -> None:
        self.query_one(RecordView).focus()
        self.action_decide(event.verdict, event.reason)

    @on(ReasonLine.Left)
    def _left(self) -> None:
        self.query_one(RecordView).focus()

    def action_skip(self) -> None:
        if self._current is not None:
            self._skipped.append(self._current)
            self._current = None
            self._next()

    def action_undo(self) -> None:
        if self._sitting is not None:
            self.run_worker(self._undo(self._sitting), exit_on_error=False)

    async def _undo(self, sitting: Sitting) -> None:
        try:
            async with self._writing:
                taken = await asyncio.to_thread(sitting.decisions.undo)
            if taken is None:
                self.notify("There is nothing of yours to take back.")
                return
            records = await asyncio.to_thread(sitting.records, [taken.paper])
        except HintedError as error:
            self._fail(error)
            return
        self._records.update(records)
        self._decisions.pop(taken.paper, None)
        self._show(taken.paper)
        self._look()

    # What comes next

    def _look(self) -> None:
        """Learns from the decisions and prepares what comes; again, where more is decided meanwhile."""
        self._stale = True
        if not self._looking:
            self._looking = True
            self.run_worker(self._learn(), group="learn", exit_on_error=False)

    async def _learn(self) -> None:
        try:
            while self._stale and (sitting := self._sitting) is not None:
                self._stale = False
                outlook = await asyncio.to_thread(sitting.look)
                self._take(sitting, outlook)
        except HintedError as error:
            self._fail(error)
        finally:
            self._looking = False

    def _take(self, sitting: Sitting, outlook: Outlook) -> None:
        if sitting is not self._sitting:
            return
        self._outlook = outlook
        shown = self._records.get(self._current) if self._current is not None else None
        self._records = dict(outlook.records)
        if shown is not None:
            self._records[shown.document.id] = shown
        if not self._unwritten:
            self._decisions = dict(outlook.decisions)
        self._line()
        if self._current is None:
            self._next()

    def _next(self) -> None:
        """The first paper of the order that is not decided; those that were skipped come last."""
        self._line()
        if self._outlook is None:
            return
        waiting = [paper for paper in self._outlook.order if paper not in self._decisions]
        ahead = [paper for paper in waiting if paper not in self._skipped]
        if not ahead and waiting:
            self._skipped.clear()
            ahead = waiting
        if not ahead:
            self._current = None
            self.query_one(RecordView).say(Content("All candidates are decided. v lists the decisions."))
            return
        if ahead[0] in self._records:
            self._show(ahead[0])
        elif self._sitting is not None:
            self.run_worker(self._fetch(self._sitting, ahead[0]), group="fetch", exit_on_error=False)

    async def _fetch(self, sitting: Sitting, paper: int) -> None:
        """A paper that was not prepared: the keys were quicker than the learning."""
        self._records.update(await asyncio.to_thread(sitting.records, [paper]))
        if self._current is not None or sitting is not self._sitting:
            return
        if paper in self._records:
            self._show(paper)
        else:
            self._look()  # it was removed meanwhile

    def _show(self, paper: int) -> None:
        if paper in self._records:
            self._current = paper
            self.query_one(RecordView).show(self._records[paper], self._decisions.get(paper))
        self._line()

    def _line(self) -> None:
        """The counts of now, and the statement that was proved last."""
        if self._sitting is None or self._outlook is None:
            return
        proved = self._outlook.progress
        now = proved.counting([each.verdict for each in self._decisions.values()])
        name, starter = line(self._sitting.screening.name), self._sitting.starter
        self.query_one(ScreeningLine).show(name, now, proved.statement, starter)

    def _fail(self, error: HintedError) -> None:
        self.notify(error.said, severity="error", markup=False)

    # Elsewhere

    def action_open(self) -> None:
        if self._current is not None:
            self.litsearch.open_paper(self._current)

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        if name := await self.app.push_screen_wait(NewScreening(self.desk)):
            self._open(name)

    @work(exit_on_error=False)
    async def action_list(self) -> None:
        if name := await self.app.push_screen_wait(Screenings(self.desk)):
            self._open(name)

    @work(exit_on_error=False)
    async def action_decided(self) -> None:
        if self._sitting is None:
            return
        sitting, decisions = self._sitting, dict(self._decisions)
        documents = await asyncio.to_thread(self.desk.library.documents, list(decisions))
        titles = {paper: line(document.title) for paper, document in documents.items()}
        paper = await self.app.push_screen_wait(Decided(decisions, titles))
        if paper is not None:
            self._records.update(await asyncio.to_thread(sitting.records, [paper]))
            self._show(paper)
