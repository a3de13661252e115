"""Whether a library is sound: SQLite's own check, then what must hold between its tables."""

import sqlite3

_MUST_BE_EMPTY = {
    "papers without a record": (
        "SELECT key FROM papers WHERE merged_into IS NULL AND id NOT IN (SELECT paper FROM records)"
    ),
    "merged papers that are live, or whose paper is itself merged": (
        "SELECT q.key FROM papers q JOIN papers p ON p.id = q.merged_into"
        " WHERE q.live OR p.merged_into IS NOT NULL"
    ),
    "merged papers that hold records": (
        "SELECT key FROM papers WHERE merged_into IS NOT NULL AND id IN (SELECT paper FROM records)"
    ),
    "papers of several records of which one has no content": (
        "SELECT key FROM papers WHERE id IN (SELECT paper FROM records GROUP BY paper"
        " HAVING count(*) > 1 AND count(body) < count(*))"
    ),
    "records whose later state is in another paper": (
        "SELECT r.id FROM records r JOIN records s ON s.id = r.superseded_by WHERE r.paper <> s.paper"
    ),
    "live papers that no change tells of": (
        "SELECT key FROM papers WHERE live AND id NOT IN (SELECT paper FROM changes)"
    ),
    "imports with records although they are undone": (
        "SELECT id FROM imports WHERE undone_at IS NOT NULL AND id IN (SELECT import FROM records)"
    ),
    "papers remembered as gone although they are there": (
        "SELECT paper FROM departed WHERE paper IN (SELECT id FROM papers)"
    ),
    "a wrong count of papers": (
        "SELECT papers FROM totals WHERE papers <> (SELECT count(*) FROM papers WHERE live)"
    ),
}
_SHOWN = 5


def check(connection: sqlite3.Connection) -> list[str]:
    """What is wrong, in words; empty when the library is sound."""
    problems = [f"SQLite: {text}" for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
    problems += [
        f"SQLite: a row of {table} refers to {parent} that is not there"
        for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check")
    ]
    for what, sql in _MUST_BE_EMPTY.items():
        found = [str(value) for (value,) in connection.execute(sql)]
        if found:
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            problems.append(f"There are {what}: {', '.join(found[:_SHOWN])}{more}")
    return problems
