"""Tags and collections: names that people give to papers. No index knows of them."""

import sqlite3
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Literal

from litsearch.errors import LibraryError

LabelKind = Literal["tag", "collection"]


def label_ids(
    writer: sqlite3.Connection, *, tags: Iterable[str] = (), collections: Iterable[str] = ()
) -> list[int]:
    """The ids of labels, made where they are new."""
    wanted = [("tag", tag) for tag in tags] + [("collection", name) for name in collections]
    for kind, name in wanted:
        if not name.strip():
            raise LibraryError(f"A {kind} needs a name.")
        writer.execute("INSERT OR IGNORE INTO labels (kind, name) VALUES (?, ?)", (kind, name.strip()))
    return [
        writer.execute("SELECT id FROM labels WHERE kind = ? AND name = ?", (kind, name.strip())).fetchone()[
            0
        ]
        for kind, name in wanted
    ]


def attach(writer: sqlite3.Connection, papers: Iterable[int], labels: Sequence[int]) -> None:
    """A person's label stays when the import or merge that brought it too is undone."""
    writer.executemany(
        "INSERT INTO labelled (paper, label) VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET import = NULL, merge = NULL",
        [(paper, label) for paper in papers for label in labels],
    )


def detach(writer: sqlite3.Connection, papers: Iterable[int], kind: LabelKind, names: Sequence[str]) -> None:
    """Raises LibraryError where no paper has such a label; labels that nothing has any more are gone."""
    labels = [_known(writer, kind, name) for name in names]
    writer.executemany(
        "DELETE FROM labelled WHERE paper = ? AND label = ?",
        [(paper, label) for paper in papers for label in labels],
    )
    drop_unused(writer)


def drop_unused(writer: sqlite3.Connection) -> None:
    writer.execute("DELETE FROM labels WHERE id NOT IN (SELECT label FROM labelled)")


def counts(connection: sqlite3.Connection, kind: LabelKind) -> dict[str, int]:
    """Live papers by label, by name."""
    return dict(
        connection.execute(
            "SELECT name, count(papers.id) FROM labels LEFT JOIN labelled ON label = labels.id"
            " LEFT JOIN papers ON papers.id = paper AND live WHERE labels.kind = ?"
            " GROUP BY labels.id ORDER BY name",
            (kind,),
        )
    )


def papers_with(connection: sqlite3.Connection, kind: LabelKind, names: Iterable[str]) -> set[int]:
    """Ids of live papers with any of the labels.

    Raises:
        LibraryError: there is no such label; the hint names the nearest.
    """
    found: set[int] = set()
    for name in names:
        rows = connection.execute(
            "SELECT paper FROM labelled JOIN papers ON papers.id = paper WHERE label = ? AND live",
            (_known(connection, kind, name),),
        )
        found.update(paper for (paper,) in rows)
    return found


def _known(connection: sqlite3.Connection, kind: LabelKind, name: str) -> int:
    row = connection.execute(
        "SELECT id FROM labels WHERE kind = ? AND name = ?", (kind, name.strip())
    ).fetchone()
    if row is not None:
        return int(row[0])
    names = list(counts(connection, kind))
    near = get_close_matches(name, names, n=3) or names[:5]
    hint = f"There is: {', '.join(near)}." if near else f"The library has no {kind}s yet."
    raise LibraryError(f"No paper has the {kind} {name!r}.", hint)
