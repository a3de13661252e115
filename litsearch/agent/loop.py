"""A question's one control flow: a stream of events, each in the ledger before anyone sees it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace

from indexes.hybrid import HybridIndex
from indexes.rerank import load_reranker
from indexes.types import Filters
from litsearch.agent import follow_up, recorded
from litsearch.agent.attempts import failure
from litsearch.agent.budget import Budget
from litsearch.agent.entailment import load_entailment
from litsearch.agent.events import Continued, Event, Started
from litsearch.agent.gathering import Earlier
from litsearch.agent.inquiry import Inquiry, Reader
from litsearch.agent.ledger import Ledger, RunStatus
from litsearch.agent.question import readable, searchable
from litsearch.agent.stages import Stages
from litsearch.agent.state import State
from litsearch.agent.stream import Stream
from litsearch.config import Settings
from litsearch.errors import BudgetError, ModelError, RunError
from litsearch.library import Library
from litsearch.pacing import Pacing

_NO_FILTERS = Filters()

STOPPED = "stopped by the user"


async def ask(
    question: str,
    settings: Settings,
    *,
    library: Library,
    index: HybridIndex,
    ledger: Ledger,
    filters: Filters = _NO_FILTERS,
    resume: str | None = None,
    starter: bool = False,
    continues: str | None = None,
) -> AsyncGenerator[Event, None]:
    """The events of one run; closing the iterator cancels it. :class:`Run` can also be stopped early."""
    run = Run(
        question,
        settings,
        library=library,
        index=index,
        ledger=ledger,
        filters=filters,
        resume=resume,
        starter=starter,
        continues=continues,
    )
    async with aclosing(run.events()) as events:
        async for event in events:
            yield event


class Run:
    """One run of a question. ``resume`` names an earlier run to carry on: its question, model, seed,
    filters, queries and depth are its own, it is executed again, and neither searches nor model calls that
    it made are made again. ``continues`` names one whose evidence a new question begins with. ``queries``
    are the user's own, searched beside the question in place of planned ones in the first round. ``id`` is
    known from the first event on; a batch says it beforehand by ``name``, and shares one ``pacing`` among
    its runs.
    """

    def __init__(
        self,
        question: str,
        settings: Settings,
        *,
        library: Library,
        index: HybridIndex,
        ledger: Ledger,
        filters: Filters = _NO_FILTERS,
        resume: str | None = None,
        starter: bool = False,
        continues: str | None = None,
        review: bool = False,
        queries: Sequence[str] = (),
        name: str = "",
        pacing: Pacing | None = None,
    ) -> None:
        self.id = ""
        self._question = question
        self._kept = recorded.Kept(settings, filters, starter, continues or "", review, tuple(queries))
        self._library = library
        self._index = index
        self._ledger = ledger
        self._resume = resume
        self._continued: Continued | None = None
        self._name = name
        self._pacing = pacing
        self._state = State()
        self._stream = Stream(self._keep)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End the run with what there is. From the event loop's thread, as in a signal handler of asyncio."""
        self._stopping.set()

    def events(self) -> AsyncGenerator[Event, None]:
        """The events as they come, the last one ``Answered`` or a fatal ``Failed``."""
        return self._stream.events(self._conduct)

    async def _conduct(self) -> None:
        """The whole run. What goes wrong here is an event, and never a traceback."""
        status: RunStatus = "failed"
        try:
            status = await self._answer()
        except asyncio.CancelledError:
            status = "stopped"
            raise
        except Exception as error:  # noqa: BLE001 - the outer boundary: every error is said, none shown raw
            await self._tell(failure("run", error, fatal=True))
        finally:
            if self.id:
                with suppress(RunError):
                    await asyncio.shield(asyncio.to_thread(self._ledger.finish, self.id, status))
            await self._stream.end()

    async def _answer(self) -> RunStatus:
        earlier = await asyncio.to_thread(self._begin)
        settings = self._settings
        budget = Budget(max_calls=settings.max_calls, max_cost=settings.max_cost, timeout=settings.timeout)
        await self._emit(await asyncio.to_thread(self._started))
        reader = None
        if settings.reading:
            pacing = self._pacing or Pacing(settings.concurrency)
            reader = await asyncio.to_thread(
                Reader.open, settings, self._library, self._ledger, budget, run=self.id, pacing=pacing
            )
        try:
            reranker = await asyncio.to_thread(load_reranker, settings.rerank)
            entailment = await asyncio.to_thread(load_entailment, settings.entailment)
            inquiry = Inquiry(
                self._question,
                settings,
                self._library,
                self._index,
                self._kept.filters,
                reader,
                reranker,
                entailment,
                self._kept.review,
                self._kept.queries,
            )
            stages = Stages(inquiry, self._state, self._emit, earlier, self._continued)
            answered = await stages.answer(await self._read(stages, budget))
        finally:
            if reader:
                await reader.close()
        return "complete" if answered.complete else "stopped"

    async def _read(self, stages: Stages, budget: Budget) -> str:
        """Let the stages run their course, and say why they did not, if so."""
        reading = asyncio.create_task(stages.read())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait(
                {reading, stopping}, timeout=budget.remaining(), return_when=asyncio.FIRST_COMPLETED
            )
            if not reading.done():
                limit = f"the time limit of {self._settings.timeout or 0:g} s is reached"
                return STOPPED if self._stopping.is_set() else limit
            reading.result()
            return stages.ending
        except BudgetError as error:
            return error.message
        except ModelError as error:
            if not self._state.judged:
                raise  # nothing was read, and nothing will be
            return error.message
        finally:
            for task in (reading, stopping):
                task.cancel()
            await asyncio.gather(reading, stopping, return_exceptions=True)
            await self._stream.settled()  # what was on its way when the stages ended is in the state now

    @property
    def _settings(self) -> Settings:
        return self._kept.settings

    def _begin(self) -> Earlier:
        """Open the run in the ledger; what it planned and searched before, where it is resumed."""
        if self._resume is None:
            self._question = readable(self._question)
            queries = tuple(map(searchable, self._kept.queries))
            self._kept = replace(self._kept, queries=queries)
            self._continue()
            models = dict.fromkeys(filter(None, (self._settings.reading, self._settings.writing)))
            self.id = self._ledger.start(
                self._question,
                settings=recorded.to_json(self._kept),
                model=", ".join(models),
                name=self._name,
            )
            return Earlier({}, {})
        record = self._ledger.run(self._resume)
        self._kept = recorded.from_json(record.settings, self._settings)
        self._question = record.question
        events = self._ledger.resume(record.id)
        self.id = record.id
        self._continued = next((event for event in events if isinstance(event, Continued)), None)
        if self._continued is None:
            self._continue()
        return Earlier.of(events)

    def _continue(self) -> None:
        """The evidence to begin with. Raises RunError where its run is not there or asked another library."""
        if not self._kept.continues:
            return
        earlier = self._ledger.run(self._kept.continues)
        if recorded.from_json(earlier.settings, self._settings).starter != self._kept.starter:
            raise RunError(
                f"The run {earlier.id} asked another library: the starter library is one of its own",
                "Ask the question without the earlier run",
            )
        self._kept = replace(self._kept, continues=earlier.id)
        self._continued = follow_up.evidence(self._ledger, self._library, earlier.id)

    def _started(self) -> Started:
        return Started(
            run=self.id,
            question=self._question,
            model=self._settings.reading,
            writer=self._settings.writing if self._settings.writing != self._settings.reading else "",
            seed=self._settings.seed,
            papers=self._library.count(),
            revision=self._library.revision(),
            starter=self._kept.starter,
        )

    async def _emit(self, event: Event) -> None:
        await self._stream.emit(event)

    async def _keep(self, event: Event) -> None:
        """Ledger first, then the state."""
        await asyncio.to_thread(self._ledger.append, self.id, event)
        self._state.apply(event)

    async def _tell(self, event: Event) -> None:
        """Show an event even where the ledger is what failed."""
        try:
            await self._stream.emit(event) if self.id else await self._stream.show(event)
        except RunError:
            await self._stream.show(event)
