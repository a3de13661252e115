"""Rows of the library as values: documents for the indexes, papers for people."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from indexes.types import Document
from litsearch import labels
from litsearch.papers import Author, Identifier, Paper, StoredPaper


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What the library holds, in counts of live papers unless it says otherwise."""

    papers: int
    trash: int
    with_abstract: int
    first_year: int | None
    last_year: int | None
    identifiers: dict[str, int]  # by scheme
    sources: dict[str, int]
    tags: dict[str, int]
    collections: dict[str, int]
    imports: int  # that are not undone
    merges: int
    revision: int
    bytes: int  # of the database and its log


# The parts of a document are joined to one string in SQLite and split here, half the time of fetching a
# row for each; a subquery for each paper instead of GROUP BY takes twice as long. Within a group SQLite
# walks the primary key, that is, by position. Cleaned text has no control characters to mistake for this:
_PART = "\x1e"

_THESE = "IN (SELECT value FROM json_each(?))"
_SCALARS = f"SELECT id, key, title, abstract, year, venue FROM papers WHERE id {_THESE} AND live"
_NAMES = (
    "SELECT paper, group_concat(CASE given WHEN '' THEN family ELSE given || ' ' || family END, char(30))"
    f" FROM authors WHERE paper {_THESE} GROUP BY paper"
)
_IDENTIFIERS = (
    "SELECT paper, group_concat(scheme || ':' || value, char(30))"
    f" FROM identifiers WHERE paper {_THESE} GROUP BY paper"
)
_KEYWORDS = f"SELECT paper, group_concat(keyword, char(30)) FROM keywords WHERE paper {_THESE} GROUP BY paper"
_SOURCES = (
    "SELECT DISTINCT r.paper, s.name FROM records r JOIN sources s ON s.id = r.source"
    f" WHERE r.paper {_THESE} ORDER BY r.paper, s.id"
)


def find(connection: sqlite3.Connection, name: str) -> int | None:
    """The live paper of a key or identifier: by its own key, the key of a paper merged into it, an
    identifier, or what a source calls one of its records, whichever comes first; of several the oldest."""
    name = name.strip()
    rows = connection.execute(
        "SELECT coalesce(merged_into, id) FROM papers WHERE key = ?", (name,)
    ).fetchall()
    for identifier in _meant(name):
        rows += connection.execute(
            "SELECT paper FROM identifiers WHERE scheme = ? AND value = ? ORDER BY paper",
            (identifier.scheme, identifier.value),
        )
    rows += connection.execute("SELECT paper FROM records WHERE origin = ? ORDER BY id", (name,))
    for (paper,) in rows:
        if connection.execute("SELECT live FROM papers WHERE id = ?", (paper,)).fetchone()[0]:
            return int(paper)
    return None


def _meant(name: str) -> list[Identifier]:
    """What identifiers a bare or prefixed one may be."""
    from litsearch.identifiers import normalise, parse_identifier

    if (written := parse_identifier(name)) is not None:
        return [written]
    return [found for scheme in ("arxiv", "acl", "pmid") if (found := normalise(scheme, name)) is not None]


def nearest_keys(connection: sqlite3.Connection, name: str) -> list[str]:
    """Up to three keys that a mistyped one may have meant, of those with the same first letters."""
    start = name[:3]
    rows = connection.execute(
        "SELECT key FROM papers WHERE key >= ? AND key < ? AND live LIMIT 2000", (start, start + "\U0010ffff")
    )
    return get_close_matches(name, [key for (key,) in rows], n=3)


def stats(connection: sqlite3.Connection, size: int) -> LibraryStats:
    def pairs(sql: str) -> dict[str, int]:
        return dict(connection.execute(sql))

    papers, abstracts, first, last = connection.execute(
        "SELECT count(*), count(nullif(abstract, '')), min(year), max(year) FROM papers WHERE live"
    ).fetchone()
    trash, imports, merges, revision = connection.execute(
        "SELECT (SELECT count(*) FROM papers WHERE NOT live AND merged_into IS NULL),"
        " (SELECT count(*) FROM imports WHERE undone_at IS NULL),"
        " (SELECT count(*) FROM merges WHERE undone_at IS NULL),"
        " (SELECT coalesce(max(revision), 0) FROM changes)"
    ).fetchone()
    return LibraryStats(
        papers=papers,
        trash=trash,
        with_abstract=abstracts,
        first_year=first,
        last_year=last,
        identifiers=pairs(
            "SELECT scheme, count(DISTINCT paper) FROM identifiers GROUP BY scheme ORDER BY 2 DESC"
        ),
        sources=pairs(
            "SELECT name, count(DISTINCT paper) FROM records JOIN sources ON sources.id = source"
            " GROUP BY name ORDER BY 2 DESC"
        ),
        tags=labels.counts(connection, "tag"),
        collections=labels.counts(connection, "collection"),
        imports=imports,
        merges=merges,
        revision=revision,
        bytes=size,
    )


def documents(connection: sqlite3.Connection, ids: Collection[int]) -> dict[int, Document]:
    """Those of the ids that are live, as the indexes take them."""
    these = (json.dumps(list(ids)),)
    scalars = connection.execute(_SCALARS, these)
    names, identifiers, keywords = (
        dict(connection.execute(sql, these)) for sql in (_NAMES, _IDENTIFIERS, _KEYWORDS)
    )
    sources = _grouped(connection.execute(_SOURCES, these))
    return {
        number: Document(
            number,
            key,
            title,
            abstract,
            _split(names.get(number)),
            year,
            venue,
            _split(identifiers.get(number)),
            tuple(sources[number]),
            _split(keywords.get(number)),
        )
        for number, key, title, abstract, year, venue in scalars
    }


def _split(parts: str | None) -> tuple[str, ...]:
    return tuple(parts.split(_PART)) if parts else ()


_PAPER = (
    "title, abstract, year, venue, kind, url, volume, issue, pages, publisher, language, is_summary, extra"
)
_PAPERS = f"SELECT id, key, added_at, own_key, {_PAPER} FROM papers WHERE id {_THESE}"
_PARTS = {
    name: f"SELECT paper, {columns} FROM {name} WHERE paper {_THESE} ORDER BY paper, position"
    for name, columns in (
        ("authors", "family, given"),
        ("identifiers", "scheme, value"),
        ("keywords", "keyword"),
        ("cited_works", "identifier"),
    )
}
_LABELS = (
    "SELECT paper, name FROM labelled JOIN labels ON labels.id = label"
    f" WHERE kind = ? AND paper {_THESE} ORDER BY paper, name"
)


def stored_papers(
    connection: sqlite3.Connection, ids: Sequence[int], *, with_trash: bool = False
) -> list[StoredPaper]:
    """In the order of the ids; those that are gone are left out."""
    these = json.dumps(list(ids))
    rows = connection.execute(_PAPERS + ("" if with_trash else " AND live"), (these,))
    parts = {name: _grouped(connection.execute(sql, (these,))) for name, sql in _PARTS.items()}
    sources = _grouped(connection.execute(_SOURCES, (these,)))
    tags = _grouped(connection.execute(_LABELS, ("tag", these)))
    collections = _grouped(connection.execute(_LABELS, ("collection", these)))
    found = {
        number: StoredPaper(
            id=number,
            key=key,
            paper=_paper(own_key, fields, {name: grouped[number] for name, grouped in parts.items()}),
            tags=tuple(tags[number]),
            collections=tuple(collections[number]),
            sources=tuple(sources[number]),
            added_at=added_at,
        )
        for number, key, added_at, own_key, *fields in rows
    }
    return [found[number] for number in ids if number in found]


def _paper(own_key: str, fields: Sequence[Any], parts: dict[str, list[Any]]) -> Paper:
    title, abstract, year, venue, kind, url, volume, issue, pages, publisher, language, is_summary, extra = (
        fields
    )
    return Paper(
        title=title,
        abstract=abstract,
        authors=tuple(Author(*name) for name in parts["authors"]),
        year=year,
        venue=venue,
        kind=kind,
        identifiers=tuple(Identifier(*identifier) for identifier in parts["identifiers"]),
        key=own_key,
        url=url,
        volume=volume,
        issue=issue,
        pages=pages,
        publisher=publisher,
        language=language,
        keywords=tuple(parts["keywords"]),
        references=tuple(parts["cited_works"]),
        is_summary=bool(is_summary),
        extra=json.loads(extra) if extra else {},
    )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, list[Any]]:
    """Rows by their first column: of two columns the second alone, of more a tuple of the rest."""
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for number, *rest in rows:
        groups[number].append(rest[0] if len(rest) == 1 else tuple(rest))
    return groups
