"""To look around in a library: its newest papers, and what a set of papers has in common."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from litsearch.labels import LabelKind
    from litsearch.library import Library

Counts = tuple[tuple[str, int], ...]  # papers by value, most first


@dataclass(frozen=True, slots=True)
class Facets:
    """How papers spread over years (ascending), and the commonest values of what they can be narrowed by."""

    years: tuple[tuple[int, int], ...] = ()
    venues: Counts = ()
    authors: Counts = ()
    tags: Counts = ()
    collections: Counts = ()
    sources: Counts = ()


# Of all papers, or of those with given ids: one condition for both would walk the whole table for a few.
_ALL = "papers.live"
_THESE = "papers.live AND papers.id IN (SELECT value FROM json_each(:these))"

_COMMONEST = "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :most"
_YEARS = "SELECT year, count(*) FROM papers WHERE {these} AND year IS NOT NULL GROUP BY 1 ORDER BY 1"
_VENUES = f"SELECT venue, count(*) FROM papers WHERE {{these}} AND venue <> '' {_COMMONEST}"
_AUTHORS = (
    "SELECT CASE given WHEN '' THEN family ELSE given || ' ' || family END, count(*)"
    f" FROM papers JOIN authors ON papers.id = paper WHERE {{these}} {_COMMONEST}"
)
_LABELS = (
    "SELECT labels.name, count(*) FROM papers JOIN labelled ON papers.id = paper"
    f" JOIN labels ON labels.id = label WHERE labels.kind = :kind AND {{these}} {_COMMONEST}"
)
_SOURCES = (
    "SELECT sources.name, count(DISTINCT paper) FROM papers JOIN records ON papers.id = paper"
    f" JOIN sources ON sources.id = source WHERE {{these}} {_COMMONEST}"
)


def newest(library: "Library", count: int) -> list[int]:
    """Ids of the papers that were added last, the last of them first."""
    with library.snapshot() as reader:
        rows = reader.execute("SELECT id FROM papers WHERE live ORDER BY id DESC LIMIT ?", (count,))
        return [paper for (paper,) in rows]


def relabelled(facets: Facets, library: "Library", *, most: int = 8) -> Facets:
    """Facets of all papers with the labels of now, for a library whose papers are still the same."""
    with library.snapshot() as reader:
        tags, collections = (
            tuple(reader.execute(_LABELS.format(these=_ALL), {"kind": kind, "most": most}))
            for kind in ("tag", "collection")
        )
    return replace(facets, tags=tags, collections=collections)


def facets(library: "Library", ids: Collection[int] | None = None, *, most: int = 8) -> Facets:
    """Of the papers with those ids or, with None, of all: up to ``most`` values of each."""
    which = _ALL if ids is None else _THESE
    asked = {"these": json.dumps(list(ids or ())), "most": most}

    def rows(reader: "sqlite3.Connection", sql: str, kind: "LabelKind | None" = None) -> tuple[Any, ...]:
        return tuple(reader.execute(sql.format(these=which), {**asked, "kind": kind}))

    with library.snapshot() as reader:
        return Facets(
            years=rows(reader, _YEARS),
            venues=rows(reader, _VENUES),
            authors=rows(reader, _AUTHORS),
            tags=rows(reader, _LABELS, "tag"),
            collections=rows(reader, _LABELS, "collection"),
            sources=rows(reader, _SOURCES),
        )
