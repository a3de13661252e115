"""The runs of this session: carried by the app itself, so that they go on while the user looks elsewhere."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Literal

from textual.signal import Signal
from textual.worker import Worker

from litsearch.agent import recorded
from litsearch.agent.attempts import failure
from litsearch.agent.events import Continued, Distilled, Event, Judged
from litsearch.agent.ledger import RunRecord
from litsearch.agent.loop import Run
from litsearch.agent.story import Story
from litsearch.cli.stages import Stages
from litsearch.config import Settings
from litsearch.errors import RunError
from tui.terms import Terms, plan_of, terms_of

if TYPE_CHECKING:
    from tui.app import LitsearchApp

State = Literal["waiting", "at work", "stopping", "elsewhere", "ended"]
"""elsewhere: another process carries it."""

_PLAINEST = Terms()

PAUSE = 0.1  # seconds at least between two tidings to the screens


class Followed:
    """A run as far as it is known here. ``events`` only grows: who shows it counts what it has seen."""

    def __init__(
        self,
        question: str,
        settings: Settings,
        terms: Terms = _PLAINEST,
        *,
        run: str = "",
        state: State = "waiting",
    ) -> None:
        self.question = question
        self.settings = settings
        self.terms = terms
        self.state = state
        self.events: list[Event] = []
        self.story = Story()
        self.stages = Stages()
        self.latest = ""  # the stage that moved last; what is spent has a place of its own
        self._run = run

    @property
    def id(self) -> str:
        """The run's id in the ledger; "" while it has none."""
        return self.story.started.run if self.story.started else self._run

    @property
    def at_work(self) -> bool:
        """Whether this process carries it."""
        return self.state in ("at work", "stopping")

    @property
    def complete(self) -> bool:
        return self.story.answered is not None and self.story.answered.complete

    @property
    def resumable(self) -> bool:
        return self.state == "ended" and bool(self.id) and not self.complete

    @property
    def can_be_followed(self) -> bool:
        """Whether there is evidence to ask on from; an answer need not have come of it."""
        return self.state == "ended" and bool(self.id) and any(map(_is_evidence, self.events))

    @property
    def plan(self) -> tuple[str, ...]:
        """The queries that it was asked with, and those that were planned."""
        return tuple(dict.fromkeys((*self.terms.queries, *plan_of(self.events))))

    def take(self, event: Event) -> None:
        self.events.append(event)
        self.story.take(event)
        stage = self.stages.take(event)
        self.latest = self.latest if stage in ("", "spent") else stage


class Live:
    """Asks, resumes and stops; one run works at a time, the others wait their turn.

    ``moved`` tells of a run that has new events or another state, at most every ``PAUSE`` seconds;
    ``chosen`` tells that another run is the one to be shown. Used from the app's event loop.
    """

    def __init__(self, app: "LitsearchApp") -> None:
        self._app = app
        self.settings = app.settings  # for the next question
        self.runs: list[Followed] = []
        self.shown: Followed | None = None
        self.moved: Signal[Followed] = Signal(app, "a run moved")
        self.chosen: Signal[Followed | None] = Signal(app, "a run was chosen")
        self._turn = asyncio.Lock()
        self._workers: dict[Followed, Worker[None]] = {}
        self._carried: dict[Followed, Run] = {}
        self._changed: dict[Followed, None] = {}

    def ask(self, question: str, terms: Terms = _PLAINEST) -> Followed:
        """Asks, by the settings of now, and shows the run."""
        followed = Followed(question, self.settings, terms)
        self._begin(followed, lambda: self._new(followed))
        return followed

    def resume(self, run: str, question: str) -> Followed:
        """Goes on with a run that did not come to its end, and shows it."""
        followed = Followed(question, self.settings, run=run)
        self._begin(followed, lambda: self._again(followed, run))
        return followed

    def stop(self, followed: Followed) -> None:
        """Ends a run with what there is; at once, where it was asked to end already or has not begun."""
        if followed.state == "at work" and followed in self._carried:
            followed.state = "stopping"
            self._carried[followed].stop()
            self._move(followed)
        elif followed in self._workers:
            self._workers[followed].cancel()

    def show(self, followed: Followed | None) -> None:
        """Makes a run the one that the ask screen shows."""
        self.shown = followed
        self.chosen.publish(followed)

    def open(self, run: str) -> None:
        """Shows a run of this session as it is, any other from the ledger, with no model."""
        known = next((each for each in reversed(self.runs) if each.id == run), None)
        if known is not None:
            self.show(known)
        else:
            self._app.run_worker(self._replay(run), group="replay", exclusive=True)

    @property
    def current(self) -> Followed | None:
        """The run at work."""
        return next((each for each in self.runs if each.at_work), None)

    async def close(self) -> None:
        """Stops all runs; the ledger has what they found, and they can be resumed."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*(worker.wait() for worker in workers), return_exceptions=True)

    def _begin(self, followed: Followed, prepare: Callable[[], Run]) -> None:
        self.runs.append(followed)
        work = self._carry(followed, prepare)
        self._workers[followed] = self._app.run_worker(work, group="runs", name="run", exit_on_error=False)
        self.show(followed)

    async def _carry(self, followed: Followed, prepare: Callable[[], Run]) -> None:
        try:
            async with self._turn:
                followed.state = "at work"
                self._move(followed)
                run = await asyncio.to_thread(prepare)
                self._carried[followed] = run
                async with aclosing(run.events()) as events:
                    async for event in events:
                        followed.take(event)
                        self._move(followed)
            if self._app.current_mode != "ask":
                self._app.notify(followed.question, title="A run has ended", markup=False)
        except Exception as error:  # noqa: BLE001 - the outer boundary: said in place, and the ledger has the rest
            followed.take(failure("run", error, fatal=True))
        finally:
            followed.state = "ended"
            del self._workers[followed]
            self._carried.pop(followed, None)
            self._changed[followed] = None
            self._tell()

    def _new(self, followed: Followed) -> Run:
        desk, terms = self._app.desk, followed.terms
        followed.settings.library.mkdir(
            parents=True, exist_ok=True
        )  # for the ledger, where it is not there yet
        return Run(
            followed.question,
            followed.settings,
            library=desk.library,
            index=desk.index,
            ledger=desk.ledger,
            filters=terms.filters,
            starter=desk.starter,
            continues=terms.continues or None,
            review=terms.review,
            queries=terms.queries,
        )

    def _again(self, followed: Followed, run: str) -> Run:
        desk = self._app.desk
        record = desk.ledger.run(run)
        followed.terms = terms_of(record, followed.settings)
        recorded.check_library(record, followed.settings, starter=desk.starter)
        return Run(
            record.question,
            followed.settings,
            library=desk.library,
            index=desk.index,
            ledger=desk.ledger,
            resume=record.id,
            starter=desk.starter,
        )

    async def _replay(self, run: str) -> None:
        try:
            self.show(await asyncio.to_thread(self._read, run))
        except RunError as error:
            followed = Followed(run, self.settings, state="ended")
            followed.take(failure("run", error, fatal=True))
            self.show(followed)

    def _read(self, run: str) -> Followed:
        ledger = self._app.desk.ledger
        record = ledger.run(run)
        terms = terms_of(record, self.settings)
        followed = Followed(record.question, self.settings, terms, run=record.id, state=state_of(record))
        for event in ledger.events(record.id):
            followed.take(event)
        return followed

    def _move(self, followed: Followed) -> None:
        """Tells of it soon, together with what comes until then."""
        if not self._changed:
            self._app.set_timer(PAUSE, self._tell)
        self._changed[followed] = None

    def _tell(self) -> None:
        changed, self._changed = self._changed, {}
        for followed in changed:
            self.moved.publish(followed)


def state_of(record: RunRecord) -> State:
    """The state of a run that this session does not carry."""
    return "elsewhere" if record.status == "running" else "ended"


def _is_evidence(event: Event) -> bool:
    """What a run that follows can begin with."""
    match event:
        case Distilled() | Continued():
            return bool(event.findings)
        case Judged():
            return event.is_relevant
        case _:
            return False
