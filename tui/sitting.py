"""A screening while one sits over it: its papers in order, prepared to be shown.

Blocking: for thread workers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from indexes.types import Document, Query, Span
from litsearch.cli.screen import line
from litsearch.evaluate import plain
from litsearch.screening.decisions import Decision, Decisions
from litsearch.screening.prioritise import Prioritiser
from litsearch.screening.progress import Progress, progress
from litsearch.screening.screenings import Screening, candidates, find

if TYPE_CHECKING:
    from tui.desk import Desk

AHEAD = 20  # papers that are prepared, so that a key never waits for the next one


@dataclass(frozen=True, slots=True)
class Record:
    """A paper to be decided, with the stretches of its title and abstract that the criteria speak of."""

    document: Document
    title: str
    abstract: str
    wanted: Mapping[str, Sequence[Span]]  # by the text they are in
    unwanted: Mapping[str, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand: what was decided, and what comes next."""

    decisions: Mapping[int, Decision]
    progress: Progress
    order: Sequence[int]
    records: Mapping[int, Record]  # of the first papers of the order


class Sitting:
    """Raises LibraryError where the screening is gone, and what searching its candidates raises."""

    def __init__(self, desk: "Desk", name: str) -> None:
        self.library, self._index, self.starter = desk.library, desk.index, desk.starter
        self.screening: Screening = find(self.library, name)
        self.decisions = Decisions(self.library, name)
        self._revision = -1
        self._candidates: list[int] = []

    def look(self) -> Outlook:
        """The candidates are looked up again where the library has changed since. One thread at a time."""
        if (revision := self.library.revision()) != self._revision:
            self._candidates = candidates(self.library, self._index, self.screening)
            self._prioritiser = Prioritiser(self.library, self._index, self._candidates, self.screening.topic)
            self._revision = revision
        decided = self.decisions.all()
        order = self._prioritiser.order({paper: decision.verdict for paper, decision in decided.items()})
        return Outlook(decided, progress(self._candidates, decided), order, self.records(order[:AHEAD]))

    def records(self, papers: Sequence[int]) -> dict[int, Record]:
        """Those of the papers that are still there."""
        return {paper: self._record(document) for paper, document in self.library.documents(papers).items()}

    def _record(self, document: Document) -> Record:
        title, abstract = line(document.title), line(document.abstract)
        wanted, unwanted = (
            {text: self._index.highlight(text, query) for text in (title, abstract)}
            for query in self._queries
        )
        return Record(document, title, abstract, wanted, unwanted)

    @cached_property
    def _queries(self) -> tuple[Query, Query]:
        return Query(plain(self.screening.topic)), Query(plain(" ".join(self.screening.exclude)))
