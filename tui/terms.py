"""What a question is asked with beside the settings: queries of one's own, a review, earlier evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexes.errors import QuerySyntaxError
from indexes.types import Filters
from litsearch.agent import recorded
from litsearch.agent.events import Continued, Event, Planned, PlannedQuery, Started
from litsearch.agent.expand import SUPPOSED
from litsearch.agent.ledger import RunRecord
from litsearch.agent.question import searchable
from litsearch.agent.widening import TO_VERIFY
from litsearch.cli.screen import line
from litsearch.config import Settings
from litsearch.errors import RunError

_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one question; those of the next one are as plain as can be unless the user says more."""

    continues: str = ""  # id of the run whose evidence it begins with
    review: bool = False  # it ends in a review
    queries: tuple[str, ...] = ()  # the user's own, in place of planned ones
    filters: Filters = _NO_FILTERS  # of a run that is asked again

    def __str__(self) -> str:
        """In words, empty where there is nothing to say: ``ends in a review; searches for: RM3``."""
        said = {
            "asks on, with the evidence found so far": bool(self.continues),
            "ends in a review": self.review,
            "narrowed as that run was": bool(self.filters),
            f"searches for: {' · '.join(map(line, self.queries))}": bool(self.queries),
        }
        return "; ".join(words for words, holds in said.items() if holds)


@dataclass(frozen=True, slots=True)
class BadQuery:
    """A line that can't be searched for."""

    line: int  # from 0
    column: int  # of the line as it was typed, from 0
    text: str  # the line
    problem: str
    pointed: bool  # whether it is that very place


def terms_of(record: RunRecord, settings: Settings) -> Terms:
    """Those that a run was asked with; the plainest where another version kept it."""
    try:
        kept = recorded.from_json(record.settings, settings)
    except RunError:
        return Terms()
    return Terms(kept.continues, kept.review, kept.queries, kept.filters)


def plan_of(events: Iterable[Event]) -> tuple[str, ...]:
    """The queries that a run was planned with, each once, in their order: without the question itself, which
    is always searched, the answers that a model supposed, and its doubts about a draft."""
    asked: set[str] = set()
    texts: dict[str, None] = {}
    for event in events:
        match event:
            case Started():
                asked.add(event.question)
            case Continued():
                asked |= {event.question, event.asked}
            case Planned():
                texts |= dict.fromkeys(each.text for each in event.queries if _is_query(each))
            case _:
                pass
    return tuple(text for text in texts if text not in asked)


def _is_query(planned: PlannedQuery) -> bool:
    return planned.purpose != SUPPOSED and not planned.purpose.startswith(TO_VERIFY)


def read_queries(text: str) -> tuple[str, ...] | BadQuery:
    """The queries that are written one a line, or the first that can't be searched for."""
    queries: list[str] = []
    for number, typed in enumerate(text.splitlines()):
        if not typed.strip():
            continue
        try:
            queries.append(searchable(typed))
        except RunError as error:
            return _bad(number, typed, error)
    return tuple(dict.fromkeys(queries))


def _bad(number: int, typed: str, error: RunError) -> BadQuery:
    fault = error.__cause__
    if not isinstance(fault, QuerySyntaxError):
        return BadQuery(number, len(typed), typed, error.said, pointed=False)
    before = max(0, typed.find(fault.query))  # it is read without the spaces around it
    column = min(before + fault.position, len(typed))
    return BadQuery(number, column, typed, fault.said, pointed=True)
