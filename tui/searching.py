"""A search as the search screen asks it, and what comes of it. Blocking: for thread workers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from indexes.types import Coverage, Document, Filters, Hit, LegName, Query
from litsearch.browsing import Facets, facets, newest

if TYPE_CHECKING:
    from litsearch.library import Library
    from tui.desk import Desk

Sort = Literal["relevance", "newest", "oldest", "title", "author"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "title", "author")

FacetKind = Literal["year", "venue", "author", "tag", "collection", "source"]

NOTHING = Query("")

FIRST: tuple[LegName, ...] = ("bm25",)  # the leg that answers while one types: 3 ms, where all take 30
FIRST_PAPERS = 60  # more than a screen shows
PAPERS = 200


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What papers are narrowed to, facet by facet; ``year`` is ``2019`` or ``2015-2019``."""

    chosen: tuple[tuple[FacetKind, str], ...] = ()

    def toggled(self, kind: FacetKind, value: str) -> "Narrowing":
        """With the value where it was not, without it where it was; one year at a time."""
        if (kind, value) in self.chosen:
            return Narrowing(tuple(each for each in self.chosen if each != (kind, value)))
        kept = tuple(each for each in self.chosen if kind != "year" or each[0] != "year")
        return Narrowing((*kept, (kind, value)))

    def of(self, kind: FacetKind) -> tuple[str, ...]:
        return tuple(value for each, value in self.chosen if each == kind)

    def filters(self, library: "Library") -> Filters:
        """Raises LibraryError where a tag or collection is gone."""
        first, last = _years(self.of("year"))
        tags, collections = self.of("tag"), self.of("collection")
        ids = [library.ids_of(tags=tags)] if tags else []
        ids += [library.ids_of(collections=collections)] if collections else []
        return Filters(
            year_from=first,
            year_to=last,
            authors=self.of("author"),
            venues=self.of("venue"),
            sources=self.of("source"),
            ids=frozenset.intersection(*ids) if ids else None,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    text: str = ""
    narrowing: Narrowing = Narrowing()

    @property
    def everything(self) -> bool:
        return not self.text.strip() and not self.narrowing.chosen


@dataclass(frozen=True, slots=True)
class Found:
    """The best papers, in the order of their hits. Without a query the newest, which have no scores."""

    asked: Asked
    query: Query = NOTHING
    hits: tuple[Hit, ...] = ()
    documents: tuple[Document, ...] = ()
    total: int = 0
    coverage: tuple[Coverage, ...] = ()
    all_legs: bool = True  # False for the first leg's answer, which all legs' will replace
    facets: Facets = field(default_factory=Facets)
    suggestion: str = ""


def find(desk: "Desk", asked: Asked, *, quickly: bool) -> Found:
    """By the first leg alone, where it will do to have something to see at once, or by all there are.

    Raises HintedError: QuerySyntaxError for a query that can't be read, others for what can't be searched.
    """
    if asked.everything:
        return _newest(desk, asked, quickly)
    query = Query(asked.text, asked.narrowing.filters(desk.library))
    ranking = desk.index.search(
        query, k=FIRST_PAPERS if quickly else PAPERS, legs=FIRST if quickly and _has_first(desk) else None
    )
    ids = [hit.id for hit in ranking.hits]
    known = desk.library.documents(ids)
    found = Found(
        asked,
        query,
        tuple(hit for hit in ranking.hits if hit.id in known),
        tuple(known[each] for each in ids if each in known),
        ranking.total,
        ranking.coverage,
        all_legs=not quickly,
    )
    if quickly:
        return found
    suggestion = "" if ranking.total or not asked.text else desk.index.suggest(asked.text) or ""
    return replace(found, facets=facets(desk.library, known), suggestion=suggestion)


def _has_first(desk: "Desk") -> bool:
    return any(each.leg in FIRST and each.present for each in desk.index.status())


def _newest(desk: "Desk", asked: Asked, quickly: bool) -> Found:
    ids = newest(desk.library, FIRST_PAPERS if quickly else PAPERS)
    known = desk.library.documents(ids)
    documents = tuple(known[each] for each in ids if each in known)
    hits = tuple(Hit(document.id, rank, 0.0) for rank, document in enumerate(documents, 1))
    found = Found(
        asked,
        hits=hits,
        documents=documents,
        total=desk.library.count(),
        coverage=desk.index.status(),
        all_legs=not quickly,
    )
    return found if quickly else replace(found, facets=desk.facets())


def in_order(found: Found, sort: Sort) -> list[tuple[Hit, Document]]:
    """The best papers in an order; where it says nothing of two of them, the better one first."""
    pairs = list(zip(found.hits, found.documents, strict=True))
    match sort:
        case "newest":
            pairs.sort(key=lambda pair: -(pair[1].year or 0))
        case "oldest":
            pairs.sort(key=lambda pair: pair[1].year or 9999)
        case "title":
            pairs.sort(key=lambda pair: pair[1].title.casefold())
        case "author":
            pairs.sort(key=lambda pair: family(pair[1].authors).casefold())
    return pairs


def family(authors: Sequence[str]) -> str:
    """The last word of the first author's name, which is as near as a list of hits gets."""
    return authors[0].rsplit(" ", 1)[-1] if authors else ""


def _years(chosen: Sequence[str]) -> tuple[int | None, int | None]:
    if not chosen:
        return None, None
    first, _, last = chosen[0].partition("-")
    return int(first), int(last or first)
