"""The library from Python: ``litsearch.Library``, one object over papers, index and ledger.

It adds nothing to what the parts do. Its values are theirs: ``StoredPaper``, ``Hit``, the events of a run.
"""

import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from indexes.hybrid import HybridIndex
from indexes.types import Hit, LegName, Query, Ranking
from litsearch.config import Settings, load, override
from litsearch.errors import LibraryError, RunError
from litsearch.library import Library as Store
from litsearch.narrowing import Narrow, filters
from litsearch.papers import Paper, StoredPaper
from litsearch.waiting import exhaust, wait_for

if TYPE_CHECKING:
    from indexes.hybrid import Feedback
    from litsearch.agent.events import Answered, Event
    from litsearch.agent.ledger import Ledger
    from litsearch.ingest import ImportReport
    from litsearch.review.protocol import Protocol
    from litsearch.review.result import ReviewResult

AnyPath = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A hit of a search with its paper."""

    hit: Hit
    stored: StoredPaper

    @property
    def rank(self) -> int:
        return self.hit.rank

    @property
    def key(self) -> str:
        return self.stored.key

    @property
    def paper(self) -> Paper:
        return self.stored.paper


class Library:
    """A library of papers, to add to, search and ask.

    Args:
        path: Its folder; the one of the settings where none is given. It is made by the first :meth:`add`.
        settings: What the command line takes from its settings file, the environment and flags; read from
            the first two where none are given.

    ``store``, ``index`` and ``ledger`` are the parts, for all that has no method here. Close it, or use it as
    a context manager. Searching may be done from several threads.

    Raises:
        ConfigError: a setting is unknown or makes no sense.
    """

    def __init__(self, path: AnyPath | None = None, settings: Settings | None = None) -> None:
        self.settings = override(settings or load(), library=None if path is None else Path(path))
        self.is_starter = False
        self._index: HybridIndex | None = None
        self._store: Store | None = None

    @classmethod
    def starter(cls, settings: Settings | None = None) -> Self:
        """The library of summaries that comes with litsearch, to try things on. Runs are kept in the
        ledger of the user's own library."""
        from litsearch.starter import open_starter

        library = cls(settings=settings)
        library._store, library._index = open_starter()
        library.is_starter = True
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
        if "ledger" in self.__dict__:
            self.ledger.close()

    @property
    def store(self) -> Store:
        """The papers. Raises LibraryError where there is no library yet."""
        if self._store is None:
            self._store = Store.open(self.settings.library, create=False)
        return self._store

    @property
    def index(self) -> HybridIndex:
        """What ranks them. Raises LibraryError where there is no library yet."""
        if self._index is None:
            self._index = HybridIndex.open(self.store.index_folder, self.store)
        return self._index

    @cached_property
    def ledger(self) -> "Ledger":
        """The runs and all model calls."""
        from litsearch.agent.ledger import Ledger

        self.settings.library.mkdir(parents=True, exist_ok=True)  # while there is no library yet
        return Ledger(self.settings.library)

    def add(
        self,
        paths: AnyPath | Sequence[AnyPath],
        *,
        tags: Sequence[str] = (),
        collections: Sequence[str] = (),
        index: bool = True,
    ) -> "list[ImportReport]":
        """Add the papers of files and folders, and have the index catch up; a report for each file.

        A bad record costs only itself (``report.problems``), a damaged file what comes after the damage
        (``report.damage``). Adding a file again changes nothing.

        Raises:
            ImportFileError: before anything is added, where a file is not there or of no known format.
            LibraryError: this is the starter library, or the folder can't be written.
            KeyboardInterrupt: what was read until then is in the library.
        """
        from litsearch.importers import find_files, open_records
        from litsearch.ingest import ingest

        if self.is_starter:
            raise LibraryError("Nothing can be added to the starter library", "Open one by its own path")
        named = [paths] if isinstance(paths, str | os.PathLike) else paths
        files = [open_records(path) for path in find_files([Path(path) for path in named])]
        if self._store is None:
            self._store = Store.open(self.settings.library)
        reports = []
        for file in files:
            report = ingest(
                self.store, file.records, source=file.path.name, tags=tags, collections=collections
            )
            if report.interrupted:
                raise KeyboardInterrupt
            reports.append(report)
        if index:
            self.index.update()
        return reports

    def paper(self, key: str) -> StoredPaper | None:
        """The paper of that key or identifier ("doi:10.1000/one", "arxiv:2101.00001"); None for none."""
        return self.store.paper(key)

    def papers(self, *, tag: str | None = None, collection: str | None = None) -> Iterator[StoredPaper]:
        """Every paper, or those with a tag, in a collection, or both; oldest first."""
        return self.store.all(tag=tag, collection=collection)

    def __len__(self) -> int:
        return self.store.count()

    def search(
        self,
        text: str,
        *,
        k: int = 10,
        offset: int = 0,
        legs: Sequence[LegName] | None = None,
        feedback: "Feedback" = "none",
        **narrow: Unpack[Narrow],
    ) -> list[Match]:
        """The k papers that match best: words or the query language. The search is kept as on the command
        line, and re-ranked where the settings name a re-ranker.

        Raises:
            QuerySyntaxError: the text can't be read; its ``position`` says where.
            LibraryError: there is no library, or no such tag or collection.
        """
        reranker = None
        if self.settings.rerank:
            from indexes.rerank import load_reranker

            reranker = load_reranker(self.settings.rerank)
        query = Query(text, filters(self.store, narrow))
        found = self.index.search(query, k=k, offset=offset, legs=legs, feedback=feedback, reranker=reranker)
        self._keep(text, narrow, found)
        return self._matches(found)

    def similar(self, key: str, *, k: int = 10, **narrow: Unpack[Narrow]) -> list[Match]:
        """The k papers most like one. Raises LibraryError where it is not there."""
        stored = self.paper(key)
        if stored is None:
            raise LibraryError(f"There is no paper {key!r} in the library.", "Find its key with search()")
        return self._matches(self.index.similar(stored.id, k=k, filters=filters(self.store, narrow)))

    async def ask(self, question: str, **narrow: Unpack[Narrow]) -> "AsyncGenerator[Event, None]":
        """The events of a run as they come, the last one ``Answered`` or a fatal ``Failed``. Leaving the
        loop early and closing the iterator stops the run."""
        from litsearch.agent.loop import ask

        run = ask(
            question,
            self.settings,
            library=self.store,
            index=self.index,
            ledger=self.ledger,
            filters=filters(self.store, narrow),
            starter=self.is_starter,
        )
        async with aclosing(run) as events:
            async for event in events:
                yield event

    def answer(self, question: str, **narrow: Unpack[Narrow]) -> "Answered":
        """The answer to a question, waited for. Without evidence it has no sentences.

        Raises:
            RunError: the run failed, or this is called from a coroutine or notebook, where
                ``async for event in library.ask(question)`` is the way.
        """
        return wait_for(
            self._answer(question, narrow), "Follow the events: async for event in library.ask(question)"
        )

    async def _answer(self, question: str, narrow: Narrow) -> "Answered":
        from litsearch.agent.events import Answered, Failed

        answered, failed = None, None
        async with aclosing(self.ask(question, **narrow)) as events:
            async for event in events:  # to its end: a run that is left early counts as stopped
                if isinstance(event, Answered):
                    answered = event
                elif isinstance(event, Failed) and event.fatal:
                    failed = event
        if answered is not None:
            return answered
        if failed is not None:
            raise RunError(failed.message, failed.hint)
        raise RunError("The run ended without an answer", "See what it did: litsearch runs list")

    def review(
        self, protocol: "AnyPath | Protocol", out: AnyPath, *, resume: str = "", update: str = ""
    ) -> "ReviewResult":
        """Carry out a review by its protocol, a TOML file or its value, and write its folder.

        ``resume`` names one that was cut short: of the protocol only the limits count. ``update`` names one
        to do again for what is new in the library since then. Ctrl-C (KeyboardInterrupt) ends it; what was
        finished is never done or paid for again.

        Raises:
            ConfigError: the protocol makes no sense; the message names each line.
            RunError: the folder can't be written, or is none of a review.
        """
        from litsearch.review.beginning import shaped
        from litsearch.review.conduct import Review
        from litsearch.review.outputs import write
        from litsearch.review.protocol import Protocol
        from litsearch.review.protocol_file import read
        from litsearch.review.record import Record

        asked = protocol if isinstance(protocol, Protocol) else read(Path(protocol))
        review = Review(
            asked,
            shaped(asked, self.settings),
            library=self.store,
            index=self.index,
            ledger=self.ledger,
            starter=self.is_starter,
            resume=resume,
            update=update,
            output=Path(out),
        )
        wait_for(exhaust(review.events()), "Follow the events of litsearch.review.conduct.Review")
        result = review.result()
        stages = Record.named(self.ledger, review.id).events()
        write(result, Path(out), self.ledger.events, stages)
        return result

    def _matches(self, found: Ranking) -> list[Match]:
        stored = {paper.id: paper for paper in self.store.papers([hit.id for hit in found.hits])}
        return [Match(hit, stored[hit.id]) for hit in found.hits if hit.id in stored]

    def _keep(self, text: str, narrow: Narrow, found: Ranking) -> None:
        """For the report, as PRISMA-S asks; a library that can't be written is searched all the same."""
        if self.is_starter or not os.access(self.store.folder / "library.db", os.W_OK):
            return
        filters = " ".join(f"{name}={value!r}" for name, value in narrow.items())
        with suppress(LibraryError):
            self.store.log_search(text=text, filters=filters, revision=found.revision, count=found.total)
