"""A review's one control flow: a stream of events, each in the ledger before anyone sees it.

Search, de-duplicate, screen, answer, extract, synthesise: each stage does what no earlier attempt did, so
that a review can be carried on after any end.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path

from indexes.errors import HintedError
from indexes.hybrid import HybridIndex
from litsearch.agent.attempts import failure
from litsearch.agent.ledger import Ledger
from litsearch.agent.loop import STOPPED
from litsearch.agent.running import Running
from litsearch.agent.stream import Stream
from litsearch.config import Settings
from litsearch.errors import RunError
from litsearch.library import Library
from litsearch.pacing import Pacing
from litsearch.review import beginning, outcome, updating
from litsearch.review.answering import answer, run_name
from litsearch.review.events import Begun, Ended, ReviewEvent, Stage, StageBegun, Trouble
from litsearch.review.extracting import extract
from litsearch.review.protocol import Protocol
from litsearch.review.purse import Purse
from litsearch.review.record import Kept, Record, paid
from litsearch.review.result import ReviewResult
from litsearch.review.screening import included, plan, screen
from litsearch.review.searching import search
from litsearch.review.state import State
from litsearch.review.synthesising import synthesise
from litsearch.review.work import Earlier, Work
from prompts import PromptError

LONGEST_WAIT = 600.0  # seconds that a server may ask for: a batch has the time


class Review:
    """One attempt at a review: a new one, one that is carried on, or the update of one.

    ``resume`` and ``update`` name a review, whose protocol and settings are its own; only ``budget`` limits
    are taken from the protocol given beside them. ``id`` is known from the first event on, ``output`` is
    where its outputs go.
    """

    def __init__(
        self,
        protocol: Protocol | None,
        settings: Settings,
        *,
        library: Library,
        index: HybridIndex,
        ledger: Ledger,
        starter: bool = False,
        resume: str = "",
        update: str = "",
        output: Path | None = None,
    ) -> None:
        self.id = ""
        self.output = output
        self._given = protocol
        self._settings = settings
        self._library = library
        self._index = index
        self._ledger = ledger
        self._starter = starter
        self._resume = resume
        self._update = update
        self._state = State()
        self._record: Record | None = None
        self._stage: Stage = "search"
        self._stream = Stream(self._keep)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End with what there is. From the event loop's thread."""
        self._stopping.set()

    def result(self) -> ReviewResult:
        """What it came to by now. Raises RunError where it was not begun."""
        return outcome.load(self._ledger, self._library, self.id)

    async def events(self) -> AsyncGenerator[ReviewEvent, None]:
        """The events as they come, the last one ``Ended``.

        Raises RunError, ConfigError or PromptError where it can't begin; after that nothing is raised.
        """
        record, kept, earlier = await asyncio.to_thread(self._open)
        running = Running(self._settings.library)
        running.hold(record.id)
        self.id = record.id
        try:
            async with aclosing(self._stream.events(partial(self._conduct, record, kept, earlier))) as events:
                async for event in events:
                    yield event
        finally:
            running.free(record.id)

    def _open(self) -> tuple[Record, Kept, Earlier | None]:
        """The record: a new one, or that of the review to be carried on, with what was known before."""
        if self._resume:
            record = Record.named(self._ledger, self._resume)
            kept = record.kept()
            self._check_library(kept)
            self._settings, output = beginning.from_json(kept.settings, self._settings)
            self.output = self.output or Path(output)
            for event in record.events():
                self._state.apply(event)
            if self._state.ended is not None and self._state.ended.status == "complete":
                raise RunError(
                    f"The review {record.id} is complete", f"See it: litsearch review show {record.id}"
                )
            parent = kept.manifest.parent
            before = Record.named(self._ledger, parent) if parent else None
            return record, kept, self._earlier(before)
        before, protocol = None, self._given
        if self._update:
            before = Record.named(self._ledger, self._update)
            old = before.kept()
            self._check_library(old)
            protocol = beginning.limited_by(old.protocol, protocol) if protocol else old.protocol
            self._settings, _ = beginning.from_json(old.settings, self._settings)
        if protocol is None:
            raise RunError("There is no protocol to go by", "Name its file")
        kept_manifest = beginning.manifest(
            self._settings,
            self._library,
            self._index,
            starter=self._starter,
            parent=before.id if before else "",
        )
        settings = beginning.to_json(self._settings, str(self.output or ""))
        record = Record.begin(self._ledger, protocol, kept_manifest, settings)
        return record, record.kept(), self._earlier(before)

    def _check_library(self, kept: Kept) -> None:
        """Raises RunError where the review is one of another library than this one."""
        starter = kept.manifest.starter
        if starter != self._starter:
            raise RunError(
                f"The review {kept.id} is of {'the starter library' if starter else 'your own library'}",
                "Your library has changed too much since; run its protocol anew",
            )

    def _earlier(self, before: Record | None) -> Earlier | None:
        if before is None:
            return None
        return updating.earlier(self._ledger, self._library, before, before.kept())

    async def _conduct(self, record: Record, kept: Kept, earlier: Earlier | None) -> None:
        """The whole review. What goes wrong here is an event, and never a traceback."""
        protocol = kept.protocol
        if self._resume and self._given is not None:
            protocol = beginning.limited_by(protocol, self._given)
        attempt = (self._state.begun.attempt if self._state.begun else 0) + 1
        self._record = record
        try:
            questions, model = len(protocol.questions), kept.manifest.model
            begun = (kept.id, protocol.title, questions, model, kept.manifest.papers, attempt)
            await self._emit(Begun(*begun, kept.manifest.parent))
            work = await asyncio.to_thread(self._work, protocol, earlier)
            await self._stages(work)
            if self._stopping.is_set():
                await work.trouble(self._stage, STOPPED, f"litsearch review resume {work.id}")
        except asyncio.CancelledError:
            raise
        except (HintedError, PromptError) as error:
            await self._tell(Trouble(self._stage, error.message, error.hint))
        except Exception as error:  # noqa: BLE001 - the outer boundary: every error is said, none shown raw
            failed = failure("review", error)
            await self._tell(Trouble(self._stage, failed.message, failed.hint))
        finally:
            if not _cancelled():
                await self._end(protocol, record)
            await self._stream.end()

    async def _stages(self, work: Work) -> None:
        """Each stage in its turn; see :meth:`events`."""
        protocol = work.protocol
        within, before_within = None, None
        if protocol.search is not None or plan(protocol) is not None:
            candidates = await search(work)
            await updating.take_over_papers(work)
            if self._stopping.is_set() or not await screen(work, candidates):
                return
            model = self._settings.reading
            within = included(protocol, work.state, candidates, model)
            if work.earlier and work.earlier.state.deduplicated:
                old = work.earlier.state.deduplicated.papers
                before_within = included(protocol, work.earlier.state, old, model)
        await updating.take_over_answers(work, within, before_within)
        if self._stopping.is_set():
            return
        await answer(work, within)
        results = await asyncio.to_thread(outcome.results, protocol, work.state, work.ledger)
        quoted = dict.fromkeys(
            finding.quote.id for each in results if each.answered for finding in each.answered.findings
        )
        if self._stopping.is_set():
            return
        await extract(work, within if within is not None else list(quoted))
        await synthesise(work, results)

    def _work(self, protocol: Protocol, earlier: Earlier | None) -> Work:
        budget = protocol.budget
        runs = [run_name(self.id, question.id) for question in protocol.questions]
        spent = paid(self._ledger, [self.id, *runs])
        return Work(
            id=self.id,
            protocol=protocol,
            settings=self._settings,
            library=self._library,
            index=self._index,
            ledger=self._ledger,
            starter=self._starter,
            state=self._state,
            emit=self._emit,
            purse=Purse(spent, calls=budget.max_calls, cost=budget.max_cost, seconds=budget.timeout),
            pacing=Pacing(self._settings.concurrency, LONGEST_WAIT),
            stopping=self._stopping,
            earlier=earlier,
        )

    async def _end(self, protocol: Protocol, record: Record) -> None:
        with suppress(RunError):
            questions = await asyncio.to_thread(outcome.results, protocol, self._state, self._ledger)
            spent = await asyncio.to_thread(outcome.spent, protocol, record, self._ledger)
            self._state.ended = Ended("complete", spent)  # it has: what is left to say is how
            await self._tell(Ended(outcome.status(self._state, questions), spent))

    async def _emit(self, event: ReviewEvent) -> None:
        await self._stream.emit(event)

    async def _keep(self, event: ReviewEvent) -> None:
        """Ledger first, then the state."""
        if self._record is not None:
            await asyncio.to_thread(self._record.append, event)
        self._state.apply(event)
        if isinstance(event, StageBegun):
            self._stage = event.stage

    async def _tell(self, event: ReviewEvent) -> None:
        """Show an event even where the ledger is what failed."""
        try:
            await self._emit(event)
        except RunError:
            self._state.apply(event)
            await self._stream.show(event)


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
