"""The library of papers: one SQLite file, the truth that every index is derived from."""

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from indexes.types import Change, Document
from litsearch import checking, history, labels, reading
from litsearch.clock import now
from litsearch.connections import Connections
from litsearch.errors import LibraryError
from litsearch.history import ImportRecord, MergeRecord, SearchRecord
from litsearch.labels import LabelKind
from litsearch.papers import StoredPaper
from litsearch.reading import LibraryStats
from litsearch.writing import log_changes, set_live

if TYPE_CHECKING:
    import sqlite3
    from contextlib import AbstractContextManager

_PAGE = 1000  # papers read at once when all are walked


class Library:
    """A folder with ``library.db``, and the indexes beside it. Implements :class:`indexes.types.Source`.

    Any number of threads may read from one object at once, each over a connection of its own; writing
    takes a lock between threads and SQLite's between processes, a transaction at a time.
    """

    def __init__(self, folder: Path, connections: Connections) -> None:
        self.folder = folder
        self._connections = connections

    @classmethod
    def open(cls, folder: Path, *, create: bool = True) -> "Library":
        """Raises LibraryError when there is no library and ``create`` is false, or the file is none."""
        return cls(folder, Connections(folder / "library.db", create=create))

    @property
    def index_folder(self) -> Path:
        return self.folder / "index"

    def close(self) -> None:
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def snapshot(self) -> "AbstractContextManager[sqlite3.Connection]":
        """A connection to read with, for this thread, that sees one state of the library."""
        return self._connections.snapshot()

    def transaction(self, *, durable: bool = True) -> "AbstractContextManager[sqlite3.Connection]":
        """The connection to write with, in a transaction of its own (see :class:`Connections`)."""
        return self._connections.transaction(durable=durable)

    # What the indexes are derived from (indexes.types.Source)

    def revision(self) -> int:
        with self.snapshot() as reader:
            return int(reader.execute("SELECT coalesce(max(revision), 0) FROM changes").fetchone()[0])

    def changes(self, after: int, limit: int) -> list[Change]:
        with self.snapshot() as reader:
            rows = reader.execute(
                "SELECT max(revision), paper FROM"
                " (SELECT revision, paper FROM changes WHERE revision > ? ORDER BY revision LIMIT ?)"
                " GROUP BY paper ORDER BY 1",
                (after, limit),
            ).fetchall()
            found = reading.documents(reader, [paper for _, paper in rows])
        return [Change(revision, paper, found.get(paper)) for revision, paper in rows]

    def documents(self, ids: Collection[int]) -> dict[int, Document]:
        with self.snapshot() as reader:
            return reading.documents(reader, ids)

    def live(self, ids: Collection[int]) -> set[int]:
        with self.snapshot() as reader:
            rows = reader.execute(
                "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?)) AND live", (_json(ids),)
            )
            return {paper for (paper,) in rows}

    def count(self) -> int:
        with self.snapshot() as reader:
            return int(reader.execute("SELECT papers FROM totals").fetchone()[0])

    # Papers

    def paper(self, name: str) -> StoredPaper | None:
        """The paper by its key (its own, or that of a paper or record merged into it) or an identifier:
        "doi:…", "arxiv:…", or a bare DOI, arXiv id or PMID."""
        with self.snapshot() as reader:
            number = reading.find(reader, name)
            found = reading.stored_papers(reader, [number]) if number is not None else []
        return found[0] if found else None

    def papers(self, ids: Sequence[int]) -> list[StoredPaper]:
        """In the order of the ids; those that are gone are left out."""
        with self.snapshot() as reader:
            return reading.stored_papers(reader, ids)

    def all(self, *, tag: str | None = None, collection: str | None = None) -> Iterator[StoredPaper]:
        """Every paper, oldest first, read a thousand at a time; with both, those that have both."""
        wanted = [] if tag is None else [self._labelled("tag", [tag])]
        wanted += [] if collection is None else [self._labelled("collection", [collection])]
        if wanted:
            chosen = sorted(set.intersection(*wanted))
            for start in range(0, len(chosen), _PAGE):
                yield from self.papers(chosen[start : start + _PAGE])
            return
        last = 0
        while True:
            with self.snapshot() as reader:
                rows = reader.execute(
                    "SELECT id FROM papers WHERE id > ? AND live ORDER BY id LIMIT ?", (last, _PAGE)
                )
                page = reading.stored_papers(reader, [paper for (paper,) in rows])
            if not page:
                return
            yield from page
            last = page[-1].id

    def ids_of(self, *, tags: Sequence[str] = (), collections: Sequence[str] = ()) -> frozenset[int]:
        """Papers with any of the tags or collections. Raises LibraryError, with the nearest, when unknown."""
        return frozenset(self._labelled("tag", tags) | self._labelled("collection", collections))

    def _labelled(self, kind: LabelKind, names: Sequence[str]) -> set[int]:
        with self.snapshot() as reader:
            return labels.papers_with(reader, kind, names)

    def remove(self, keys: Sequence[str]) -> int:
        """Put papers into the trash; adding one again brings it back with its labels."""
        with self.transaction() as writer:
            ids = self._ids(writer, keys)
            set_live(writer, ids, live=False)
            log_changes(writer, [(paper, "removed") for paper in ids], now())
        return len(ids)

    def trash(self) -> list[StoredPaper]:
        """The papers that were removed, oldest first."""
        with self.snapshot() as reader:
            rows = reader.execute("SELECT id FROM papers WHERE NOT live AND merged_into IS NULL ORDER BY id")
            return reading.stored_papers(reader, [paper for (paper,) in rows], with_trash=True)

    def restore(self, ids: Collection[int]) -> int:
        """Take papers out of the trash again, with their labels; how many of them were in it."""
        with self.transaction() as writer:
            rows = writer.execute(
                "SELECT id FROM papers WHERE NOT live AND merged_into IS NULL"
                " AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (_json(ids),),
            )
            back = [paper for (paper,) in rows]
            set_live(writer, back, live=True)
            log_changes(writer, [(paper, "restored") for paper in back], now())
        return len(back)

    # Labels

    def tag(self, keys: Sequence[str], tags: Sequence[str]) -> int:
        """Give papers tags; how many papers. Raises LibraryError when a key is unknown."""
        with self.transaction() as writer:
            ids = self._ids(writer, keys)
            labels.attach(writer, ids, labels.label_ids(writer, tags=tags))
        return len(ids)

    def untag(self, keys: Sequence[str], tags: Sequence[str]) -> int:
        with self.transaction() as writer:
            ids = self._ids(writer, keys)
            labels.detach(writer, ids, "tag", tags)
        return len(ids)

    def collect(self, keys: Sequence[str], collections: Sequence[str]) -> int:
        """Put papers into collections; how many papers. Raises LibraryError when a key is unknown."""
        with self.transaction() as writer:
            ids = self._ids(writer, keys)
            labels.attach(writer, ids, labels.label_ids(writer, collections=collections))
        return len(ids)

    def uncollect(self, keys: Sequence[str], collections: Sequence[str]) -> int:
        with self.transaction() as writer:
            ids = self._ids(writer, keys)
            labels.detach(writer, ids, "collection", collections)
        return len(ids)

    def tags(self) -> dict[str, int]:
        """Papers by tag."""
        with self.snapshot() as reader:
            return labels.counts(reader, "tag")

    def collections(self) -> dict[str, int]:
        """Papers by collection."""
        with self.snapshot() as reader:
            return labels.counts(reader, "collection")

    # History

    def imports(self) -> list[ImportRecord]:
        with self.snapshot() as reader:
            return history.imports(reader)

    def merges(self) -> list[MergeRecord]:
        with self.snapshot() as reader:
            return history.merges(reader)

    def confirm_merges(self, merges: Sequence[int | str], *, confirmed: bool = True) -> int:
        """Keep that merges were looked at and are right, or take that back; how many. Each is named as for
        :meth:`unmerge`. Raises LibraryError, and keeps nothing, where one is not there or undone."""
        with self.transaction() as writer:
            ids = {self._merge(writer, merge) for merge in merges}
            history.confirm_merges(writer, ids, confirmed=confirmed)
        return len(ids)

    def undo_import(self, import_id: int) -> None:
        """Take an import's records out again. Raises LibraryError when there is none to undo."""
        from litsearch.undoing import undo_import

        with self.transaction() as writer:
            undo_import(writer, import_id)

    def unmerge(self, merge: int | str) -> list[StoredPaper]:
        """Undo one merge, by its number or the key of a paper with a single one; the papers apart.

        They are never merged with each other again. Raises LibraryError when there is none, or several.
        """
        from litsearch.undoing import unmerge

        with self.transaction() as writer:
            ids = unmerge(writer, self._merge(writer, merge))
        return self.papers(ids)

    def log_search(self, *, text: str, filters: str, revision: int, count: int) -> None:
        """Keep a search for the report. Not worth waiting for the disk: no index follows it."""
        with self.transaction(durable=False) as writer:
            history.log_search(writer, text, filters, revision, count)

    def searches(self) -> list[SearchRecord]:
        with self.snapshot() as reader:
            return history.searches(reader)

    # The whole

    def stats(self) -> LibraryStats:
        with self.snapshot() as reader:
            return reading.stats(reader, sum(file.stat().st_size for file in self.folder.glob("library.db*")))

    def check(self) -> list[str]:
        """What is wrong with the library, in words; empty when it is sound."""
        with self.snapshot() as reader:
            return checking.check(reader)

    def _ids(self, connection: "sqlite3.Connection", names: Sequence[str]) -> list[int]:
        found = {name: reading.find(connection, name) for name in names}
        for name, paper in found.items():
            if paper is None:
                near = reading.nearest_keys(connection, name)
                hint = f"Did you mean {', '.join(near)}?" if near else "Keys are shown by `litsearch search`."
                raise LibraryError(f"No paper of the library is called {name!r}.", hint)
        return sorted({paper for paper in found.values() if paper is not None})

    def _merge(self, connection: "sqlite3.Connection", merge: int | str) -> int:
        """The number of a merge that is named by it, or by the key of a paper with a single one."""
        if isinstance(merge, int):
            return merge
        [paper] = self._ids(connection, [merge])
        return history.only_merge(connection, paper, merge)


def _json(ids: Collection[int]) -> str:
    return json.dumps(list(ids))
