"""Which papers a protocol, and a question of it, means."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace

from indexes.analysis import words
from indexes.types import Document, Filters
from litsearch.library import Library
from litsearch.review.protocol import Scope


def narrowed(scope: Scope, own: Scope) -> Scope:
    """A question's own filters: each that it has takes the place of the protocol's."""
    given = {
        field.name: value for field in fields(own) if (value := getattr(own, field.name)) not in (None, ())
    }
    return replace(scope, **given)


def filters(library: Library, scope: Scope, within: Collection[int] | None = None) -> Filters:
    """As the index takes them; ``within`` are the only papers meant, where it is not None.

    Raises LibraryError for a tag or collection that is not there.
    """
    ids = None if within is None else frozenset(within)
    if scope.tags or scope.collections:
        labelled = library.ids_of(tags=scope.tags, collections=scope.collections)
        ids = labelled if ids is None else ids & labelled
    return Filters(
        year_from=scope.year_from,
        year_to=scope.year_to,
        authors=scope.authors,
        venues=scope.venues,
        sources=scope.sources,
        ids=ids,
        has_abstract=scope.has_abstract,
    )


def meets(document: Document, narrow: Filters) -> bool:
    """Whether a paper meets the filters, without an index."""
    year = document.year
    return (
        (narrow.ids is None or document.id in narrow.ids)
        and (narrow.year_from is None or (year is not None and year >= narrow.year_from))
        and (narrow.year_to is None or (year is not None and year <= narrow.year_to))
        and (narrow.has_abstract is None or narrow.has_abstract == bool(document.abstract.strip()))
        and _named(document.authors, narrow.authors)
        and _named((document.venue,), narrow.venues)
        and _named(document.sources, narrow.sources)
    )


def _named(names: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether all words of one of the wanted names are in one of the names."""
    return not wanted or any(set(words(each)) <= set(words(name)) for each in wanted for name in names)
