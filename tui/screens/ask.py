"""Ask: a question, its run as it unfolds, and the answer with the text behind every citation."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input, Static, TabbedContent, TabPane, Tabs

from indexes.types import Filters
from litsearch.agent.events import Answered
from litsearch.config import Settings
from tui.answer_entries import answer_entries
from tui.claim_entries import claim_entries
from tui.entries import note
from tui.live import Followed
from tui.place import Place
from tui.screens.ask_settings import AskSettings
from tui.screens.save_answer import SaveAnswer
from tui.terms import Terms
from tui.widgets.course import Course
from tui.widgets.entry_list import EntryList
from tui.widgets.question_box import QuestionBox
from tui.widgets.run_line import RunLine
from tui.widgets.source import Source

_WELCOME = """\
Ask in plain words: “Does query expansion help short queries?”

Papers are searched and judged, quotes are taken from them and checked word for word, and the answer \
cites them. You can watch it happen, look at something else meanwhile, and stop it at any time.

Without a model, the program picks the quotes itself; name one in the settings to have it read, judge \
and write. Ctrl+R asks for a review with sections and a table of the papers in place of a short answer, \
Ctrl+O searches for queries of your own. Questions that you have asked are kept under Runs."""


class AskScreen(Place):
    """Shows the run that was chosen in :class:`tui.live.Live`; all else of a run is owned there."""

    CSS_PATH = "../styles/ask.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual types it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "question", "Ask", key_display="/"),
        Binding("x", "stop", "Stop"),
        Binding("r", "resume", "Resume"),
        Binding("f", "follow_up", "Follow up"),
        Binding("p", "queries", "Queries"),
        Binding("s", "save", "Save"),
        Binding("e", "settings", "Settings"),
        Binding("ctrl+r", "review", "Ask for a review", show=False),
        Binding("1", "view('answer')", "Answer", show=False),
        Binding("2", "view('claims')", "For and against", show=False),
        Binding("3", "view('course')", "Course", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._followed: Followed | None = None
        self._seen = 0  # events of the run that the lists have

    def body(self) -> ComposeResult:
        yield QuestionBox()
        yield Static(_WELCOME, id="welcome", markup=False)
        yield RunLine()
        with Container(id="run"):
            with TabbedContent(initial="course"):
                with TabPane("1 Answer", id="answer"):
                    yield EntryList(id="answer-entries")
                with TabPane("2 For and against", id="claims"):
                    yield EntryList(id="claim-entries")
                with TabPane("3 Course", id="course"):
                    yield Course()
            yield Source()

    def on_mount(self) -> None:
        live = self.litsearch.live
        self.query_one(Tabs).can_focus = False  # the digits do it
        live.moved.subscribe(self, self._moved)
        live.chosen.subscribe(self, self._choose)
        self.query_one(QuestionBox).tell(live.settings)
        self._choose(live.shown)

    # What is shown

    def _choose(self, followed: Followed | None) -> None:
        """Shows another run from its beginning."""
        self._followed, self._seen = followed, 0
        self.set_class(followed is None, "-welcome")
        self.query_one(Course).clear()
        self.query_one(Source).point(())
        if followed is None:
            self.query_one(QuestionBox).begin()
            self.refresh_bindings()
            return
        waits = [note("There is no answer yet: see under Course how far it is.")]
        for entries in self.query("#answer-entries, #claim-entries").results(EntryList):
            entries.show(waits)
        self._add(followed)
        # Only one list gets the focus: a pane comes to the front as soon as something in it has it.
        self.action_view("course" if followed.story.answered is None else "answer")

    def _moved(self, followed: Followed) -> None:
        if followed is not self._followed:
            return
        if self._add(followed) and self.query_one(TabbedContent).active == "course":
            answer = self._view("answer")
            if not isinstance(self.focused, Input):  # else the user writes the next question
                answer.focus()

    def _add(self, followed: Followed) -> bool:
        """Adds what is new of the run that is shown; whether its answer is."""
        new, self._seen = followed.events[self._seen :], len(followed.events)
        self.query_one(Course).take(new)
        self.query_one(RunLine).show(followed)
        answered = followed.story.answered
        has_come = any(isinstance(event, Answered) for event in new)
        if has_come or followed.state == "ended":
            entries = answer_entries(followed.story)
            unanswered = [note("This run has no answer. Resume it to go on where it was.")]
            self.query_one("#answer-entries", EntryList).show(entries or unanswered)
            if answered is not None:
                self.query_one("#claim-entries", EntryList).show(claim_entries(answered))
        self.refresh_bindings()
        return has_come

    # What the user does

    @on(QuestionBox.Asked)
    def _ask(self, event: QuestionBox.Asked) -> None:
        self.litsearch.live.ask(event.question, event.terms)

    @on(QuestionBox.Left)
    def _leave_the_box(self) -> None:
        if self._followed is not None:
            self.action_view(self.query_one(TabbedContent).active)
        else:
            self.set_focus(None)

    @on(EntryList.Pointed)
    def _point(self, event: EntryList.Pointed) -> None:
        if self.query_one(TabbedContent).active_pane in event.entries.ancestors:
            self.query_one(Source).point(event.entry.findings)

    @on(EntryList.Turned)
    def _turn(self, event: EntryList.Turned) -> None:
        self.query_one(Source).step(event.by)

    @on(EntryList.Opened)
    def _open(self, event: EntryList.Opened) -> None:
        if self._followed is not None and self._asked_another_library(self._followed):
            read = "your own library" if self.desk.starter else "the starter library"
            self.notify(f"This run read {read}, which is not the one that is open.", severity="warning")
            return
        shown = self.query_one(Source).shown
        finding = shown if shown in event.entry.findings else next(iter(event.entry.findings), None)
        paper = finding.quote.id if finding else event.entry.paper
        quotes = [each.quote for each in event.entry.findings if each.quote.id == paper]
        if paper is not None:
            self.litsearch.open_paper(paper, quotes)

    def action_question(self) -> None:
        """A question of its own, whatever the box was to follow on."""
        box = self.query_one(QuestionBox)
        box.take(replace(box.terms, continues="", filters=Filters()))
        box.begin()

    def action_stop(self) -> None:
        if self._followed is not None:
            self.litsearch.live.stop(self._followed)

    def action_resume(self) -> None:
        if self._followed is not None and self._followed.resumable:
            self.litsearch.live.resume(self._followed.id, self._followed.question)

    def action_follow_up(self) -> None:
        """Another question, or the same once more, with the evidence of this run."""
        if self._followed is not None:
            box = self.query_one(QuestionBox)
            box.take(replace(box.terms, continues=self._followed.id), self._followed.question)
            box.begin()

    def action_review(self) -> None:
        self.query_one(QuestionBox).action_review()

    def action_save(self) -> None:
        if self._followed is not None:
            self.app.push_screen(SaveAnswer(self._followed, self.desk))

    def action_settings(self) -> None:
        self._set(self.query_one(QuestionBox).terms)

    @on(QuestionBox.QueriesWanted)
    def _own_queries(self) -> None:
        self._set(self.query_one(QuestionBox).terms, at="queries")

    def action_queries(self) -> None:
        """The plan of the run that is shown, to be changed and asked with again."""
        if (followed := self._followed) is None:
            return
        terms = followed.terms
        if self._asked_another_library(followed):  # what is kept of that one means nothing here
            terms = Terms(review=terms.review)
        self._set(replace(terms, queries=followed.plan), at="queries", question=followed.question)

    def _set(self, terms: Terms, *, at: str = "model", question: str = "") -> None:
        """Lets the user change what the next question is asked with, a field of it first."""

        def take(chosen: tuple[Settings, Terms] | None) -> None:
            box = self.query_one(QuestionBox)
            if chosen is None:
                return
            self.litsearch.live.settings, changed = chosen
            box.tell(self.litsearch.live.settings)
            box.take(changed, question)
            if at == "queries":
                box.begin()

        self.app.push_screen(AskSettings(self.litsearch.live.settings, terms, at=at), take)

    def _asked_another_library(self, followed: Followed) -> bool:
        started = followed.story.started
        return started is not None and started.starter != self.desk.starter

    def action_view(self, view: str) -> None:
        """Goes to one of the three views; its list has the focus."""
        self._view(view).focus()

    def _view(self, view: str) -> EntryList:
        """Shows one of the three views, with the text behind what is pointed at in it; gives its list."""
        self.query_one(TabbedContent).active = view
        self.set_class(view == "course", "-course")  # it has quotes too, but needs the room
        entries = self.query_one(f"#{view}", TabPane).query(EntryList).first()
        self.query_one(Source).point(entries.pointed.findings if entries.pointed else ())
        return entries

    @on(TabbedContent.TabActivated)
    def _viewed(self, event: TabbedContent.TabActivated) -> None:
        """A click led here; or this comes late, and another view is shown by now."""
        if event.pane.id and event.pane.id == self.query_one(TabbedContent).active:
            self._view(event.pane.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002 - Textual's
        """Only what can be done with the run that is shown is offered."""
        followed = self._followed
        match action:
            case "stop":
                return followed is not None and (followed.at_work or followed.state == "waiting")
            case "resume":
                return followed is not None and followed.resumable
            case "question":
                return not isinstance(self.focused, Input)
            case "follow_up":
                return followed is not None and followed.can_be_followed
            case "queries":
                return followed is not None and followed.state == "ended"
            case "save":
                return followed is not None and bool(followed.id)
            case "view":
                return followed is not None
            case _:
                return True
