"""What narrows a search or a question, by the names that people use."""

from collections.abc import Sequence
from typing import TypedDict

from indexes.types import Filters
from litsearch.library import Library
from litsearch.review import scope
from litsearch.review.protocol import Scope


class Narrow(TypedDict, total=False):
    """What narrows a search or a question. Values of one field are alternatives; fields are joined by and."""

    year_from: int
    year_to: int
    authors: Sequence[str]
    venues: Sequence[str]
    sources: Sequence[str]
    tags: Sequence[str]
    collections: Sequence[str]
    has_abstract: bool


def filters(library: Library, narrow: Narrow) -> Filters:
    """The same as the index takes it. Raises LibraryError for an unknown tag or collection."""
    named = Scope(
        year_from=narrow.get("year_from"),
        year_to=narrow.get("year_to"),
        authors=_texts(narrow.get("authors", ())),
        venues=_texts(narrow.get("venues", ())),
        sources=_texts(narrow.get("sources", ())),
        tags=_texts(narrow.get("tags", ())),
        collections=_texts(narrow.get("collections", ())),
        has_abstract=narrow.get("has_abstract"),
    )
    return scope.filters(library, named)


def _texts(given: Sequence[str]) -> tuple[str, ...]:
    """One text alone is meant as that text, and not as its letters."""
    return (given,) if isinstance(given, str) else tuple(given)
