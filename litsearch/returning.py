"""Papers that went with their import, and what was decided of them: known again when they are added again.

Undoing an import deletes the papers that it alone knew. Added again they are new papers; decisions of a
screening that were made on the old ones then count for those.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable

import orjson

from litsearch.matching import conflict, from_body, same_work, strong_ids, to_body, years_agree
from litsearch.papers import Paper
from litsearch.records import Group, Record, load_groups

# Names in the order in which they are believed: the same record, an identifier, title and first author.
_RECORD, _TITLE = "record:", "title:"

# Papers of which something was decided, as they were called then, as what they are known by now, and where
# that is.
_DECIDED = (
    "WITH these AS (SELECT id, id AS home FROM papers WHERE id IN (SELECT value FROM json_each(?1))"
    " UNION ALL SELECT merged_into, id FROM papers WHERE merged_into IN (SELECT value FROM json_each(?1)))"
    " SELECT home, home, id FROM these WHERE EXISTS (SELECT 1 FROM decisions WHERE paper = home)"
    " UNION ALL SELECT paper, home, id FROM these JOIN departed ON returned = home"
)


def remember(writer: sqlite3.Connection, papers: Collection[int]) -> None:
    """Keep what these papers, and those merged into them, are known by, where something was decided of them.

    To be called before their records leave, and :func:`forget_present` after.
    """
    decided = writer.execute(_DECIDED, (orjson.dumps(list(papers)).decode(),)).fetchall()
    groups = load_groups(writer, {group for *_, group in decided})
    for paper, home, group in decided:
        records = [record for record in groups[group].records if record.home == home] or groups[group].records
        body = to_body(_bare(Group(home, True, records, set()).fold())).decode()
        writer.execute(
            "INSERT INTO departed (paper, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
            (paper, body),
        )
        writer.executemany(
            "INSERT OR IGNORE INTO departed_names (paper, name) VALUES (?, ?)",
            [(paper, name) for record in records for name in _names(record)],
        )


def forget_present(writer: sqlite3.Connection) -> None:
    """Papers that were remembered and did not go."""
    writer.execute("DELETE FROM departed WHERE EXISTS (SELECT 1 FROM papers WHERE id = departed.paper)")


def recognise(writer: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Papers that are gone and of which these new records are: from now on they are the records' papers.

    By what the import goes by: the same record, else a shared identifier, or title, first author and year,
    where nothing speaks against it.
    """
    if not writer.execute("SELECT EXISTS (SELECT 1 FROM departed WHERE returned IS NULL)").fetchone()[0]:
        return
    named: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        for name in _names(record):
            named[name].append(record)
    rows = writer.execute(
        "SELECT paper, body, name FROM departed_names JOIN departed USING (paper)"
        " WHERE returned IS NULL AND name IN (SELECT value FROM json_each(?))",
        (orjson.dumps(list(named)).decode(),),
    ).fetchall()
    found: dict[int, tuple[int, int, int]] = {}
    for paper, body, name in rows:
        gone = from_body(body)
        for record in named[name]:
            if name.startswith(_RECORD) or _same(gone, record):
                best = (_rank(name), record.id, record.paper)
                found[paper] = min(found.get(paper, best), best)
    writer.executemany(
        "UPDATE departed SET returned = ? WHERE paper = ?",
        [(returned, paper) for paper, (_, _, returned) in found.items()],
    )


def _bare(paper: Paper) -> Paper:
    """What a paper is recognised by."""
    return Paper(paper.title, "", paper.authors, paper.year, identifiers=paper.identifiers)


def _names(record: Record) -> list[str]:
    names = [f"{_RECORD}{record.digest}", *map(":".join, record.ids)]
    return names if record.title_key is None else [*names, f"{_TITLE}{record.title_key}"]


def _rank(name: str) -> int:
    return 0 if name.startswith(_RECORD) else 2 if name.startswith(_TITLE) else 1


def _same(gone: Paper, record: Record) -> bool:
    ids = strong_ids(gone.identifiers)
    if conflict(ids, record.ids) or same_work(gone, record.value) is False:
        return False
    return not set(ids).isdisjoint(record.ids) or years_agree(gone.year, record.year)
