"""What the question asks of papers beside its subject, made a filter as far as any paper meets it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexes.types import Filters, Query
from litsearch.agent.constraints import constraints
from litsearch.agent.plan_notes import NoteKind, PlanNote
from litsearch.agent.retrieve import words
from litsearch.agent.venues import AskedVenue, asked_venue, papers_of

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library

UNMET = ", which nothing on it meets, so all are searched"


@dataclass(frozen=True, slots=True)
class Conditions:
    """``about`` is the question without the words that state them, ``notes`` say what was understood."""

    about: str
    filters: Filters
    notes: tuple[PlanNote, ...] = ()


def conditions(question: str, filters: Filters, library: "Library", index: "HybridIndex") -> Conditions:
    """Years and venue beside the user's own filters, which count more and are never let go.

    Where nothing on the question meets both, the venue is let go first, and the years after it.
    """
    venue = asked_venue(question, library)
    asked = constraints(venue.about if venue else question)
    dated = placed = asked.over(filters)
    if venue and not filters.venues:
        papers = papers_of(library, venue.venues)
        placed = replace(dated, ids=papers if filters.ids is None else papers & filters.ids)
    ways = list(dict.fromkeys((placed, dated, filters)))
    met = ways[0]
    if len(ways) > 1:
        query = Query(words(asked.about), filters)
        met = next((way for way in ways if index.search(replace(query, filters=way), k=1).hits), placed)
    notes = []
    if dated != filters:
        notes.append(_note("years", str(asked), met in (placed, dated)))
    if venue and placed != dated:
        notes.append(_note("venue", _published(venue), met == placed))
    return Conditions(asked.about, met, tuple(notes))


def _note(kind: NoteKind, text: str, met: bool) -> PlanNote:
    return PlanNote(kind, text if met else text + UNMET)


def _published(venue: AskedVenue) -> str:
    """``papers in Nature``, ``papers in ACL (Transactions of the ACL)``, ``papers in ACL (4 venues)``."""
    first, *more = venue.venues
    if not more and first.casefold() == venue.name.casefold():
        return f"papers in {first}"
    return f"papers in {venue.name} ({f'{len(venue.venues):,} venues' if more else first})"
