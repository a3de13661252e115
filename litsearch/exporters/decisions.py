"""The decisions of a screening, as CSV or as JSON Lines."""

import json
from collections.abc import Iterable, Iterator

from litsearch.exporters.csv import row
from litsearch.papers import StoredPaper
from litsearch.screening.decisions import Decision

COLUMNS = ("key", "identifiers", "title", "year", "verdict", "reason", "by", "at")

Decided = tuple[StoredPaper, Decision]


def csv(decided: Iterable[Decided]) -> Iterator[str]:
    """A head, then a row a paper; several identifiers of one are parted by ``; ``."""
    yield row(COLUMNS)
    for stored, decision in decided:
        identifiers = "; ".join(map(str, stored.paper.identifiers))
        yield row((stored.key, identifiers, stored.paper.title, stored.paper.year, *_told(decision)))


def jsonl(decided: Iterable[Decided]) -> Iterator[str]:
    """An object a paper, by the names of the columns."""
    for stored, decision in decided:
        identifiers = [str(identifier) for identifier in stored.paper.identifiers]
        values = (stored.key, identifiers, stored.paper.title, stored.paper.year, *_told(decision))
        yield json.dumps(dict(zip(COLUMNS, values, strict=True)), ensure_ascii=False) + "\n"


def _told(decision: Decision) -> tuple[str, str, str, str]:
    return decision.verdict, decision.reason, decision.by, decision.at
