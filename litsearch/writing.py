"""Papers as rows: inserted, rewritten, and logged, all in bulk."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from litsearch.papers import Paper

ChangeKind = Literal["added", "updated", "merged", "removed", "restored", "split", "undone"]


@dataclass(frozen=True, slots=True)
class NewPaper:
    id: int
    key: str
    paper: Paper
    merged_into: int | None = None  # one that was merged before it was ever stored


def insert_papers(writer: sqlite3.Connection, new: Sequence[NewPaper], at: str) -> None:
    writer.executemany(
        "INSERT INTO papers (id, key, live, merged_into, added_at, title, year, venue, kind, url, volume,"
        " issue, pages, publisher, language, own_key, is_summary, extra, abstract)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(n.id, n.key, n.merged_into is None, n.merged_into, at, *_scalars(n.paper)) for n in new],
    )
    _insert_parts(writer, [(n.id, n.paper) for n in new if n.merged_into is None])


def rewrite_papers(writer: sqlite3.Connection, papers: Sequence[tuple[int, Paper]]) -> None:
    """Give papers that are there new contents; key, labels and the rest stay."""
    writer.executemany(
        "UPDATE papers SET merged_into = NULL, title = ?, year = ?, venue = ?, kind = ?, url = ?,"
        " volume = ?, issue = ?, pages = ?, publisher = ?, language = ?, own_key = ?, is_summary = ?,"
        " extra = ?, abstract = ? WHERE id = ?",
        [(*_scalars(paper), paper_id) for paper_id, paper in papers],
    )
    clear_parts(writer, [paper_id for paper_id, _ in papers])
    _insert_parts(writer, papers)


def absorb_paper(writer: sqlite3.Connection, gone: int, into: int, merge_id: int | None) -> None:
    """Turn a paper into a name for another one; it keeps its key and its own labels for an unmerge."""
    writer.execute(
        "UPDATE papers SET live = 0, merged_into = ? WHERE id = ? OR merged_into = ?", (into, gone, gone)
    )
    clear_parts(writer, [gone])
    writer.execute("UPDATE merges SET paper = ? WHERE paper = ? AND undone_at IS NULL", (into, gone))
    writer.execute(
        "INSERT OR IGNORE INTO labelled (paper, label, import, merge)"
        " SELECT ?, label, import, ? FROM labelled WHERE paper = ?",
        (into, merge_id, gone),
    )
    for one, other in (("one", "other"), ("other", "one")):
        writer.execute(
            f"INSERT OR IGNORE INTO apart (one, other) SELECT min({other}, ?1), max({other}, ?1) FROM apart"
            f" WHERE {one} = ?2 AND {other} <> ?1",
            (into, gone),
        )


def set_live(writer: sqlite3.Connection, ids: Iterable[int], live: bool) -> None:
    writer.executemany("UPDATE papers SET live = ? WHERE id = ?", [(live, paper) for paper in ids])


def next_id(connection: sqlite3.Connection, table: str) -> int:
    """Ids are given out before rows are written, so that rows that refer to each other go in in bulk."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return 1 + (row[0] if row else 0)


def clear_parts(writer: sqlite3.Connection, ids: Iterable[int]) -> None:
    these = [(paper,) for paper in ids]
    for table in ("authors", "identifiers", "keywords", "cited_works"):
        writer.executemany(f"DELETE FROM {table} WHERE paper = ?", these)


def log_changes(
    writer: sqlite3.Connection,
    changed: Iterable[tuple[int, ChangeKind]],
    at: str,
    import_id: int | None = None,
) -> None:
    writer.executemany(
        "INSERT INTO changes (paper, kind, import, at) VALUES (?, ?, ?, ?)",
        [(paper, kind, import_id, at) for paper, kind in changed],
    )


def _scalars(paper: Paper) -> tuple[object, ...]:
    return (
        paper.title,
        paper.year,
        paper.venue,
        paper.kind,
        paper.url,
        paper.volume,
        paper.issue,
        paper.pages,
        paper.publisher,
        paper.language,
        paper.key,
        paper.is_summary,
        json.dumps(dict(paper.extra), ensure_ascii=False) if paper.extra else None,
        paper.abstract,
    )


def _insert_parts(writer: sqlite3.Connection, papers: Sequence[tuple[int, Paper]]) -> None:
    writer.executemany(
        "INSERT INTO authors (paper, position, family, given) VALUES (?, ?, ?, ?)",
        [(number, n, a.family, a.given) for number, paper in papers for n, a in enumerate(paper.authors)],
    )
    writer.executemany(
        "INSERT INTO identifiers (paper, position, scheme, value) VALUES (?, ?, ?, ?)",
        [(number, n, i.scheme, i.value) for number, paper in papers for n, i in enumerate(paper.identifiers)],
    )
    writer.executemany(
        "INSERT INTO keywords (paper, position, keyword) VALUES (?, ?, ?)",
        [(number, n, k) for number, paper in papers if paper.keywords for n, k in enumerate(paper.keywords)],
    )
    writer.executemany(
        "INSERT INTO cited_works (paper, position, identifier) VALUES (?, ?, ?)",
        [
            (number, n, r)
            for number, paper in papers
            if paper.references
            for n, r in enumerate(paper.references)
        ],
    )
