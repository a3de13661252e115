"""A paper is the fold of its records: what came for it, from where, and in which states."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

import orjson

from litsearch.matching import StrongIds, conflict, from_body, same_work, strong_ids, to_body, years_agree
from litsearch.merging import merge, overlay
from litsearch.papers import Paper
from litsearch.reading import stored_papers

_COLUMNS = "id, paper, home, import, source, origin, digest, title_key, year, superseded_by, body"


@dataclass(slots=True)
class Record:
    """One source's word on a paper. ``superseded_by`` is a later state of the same record.

    ``paper`` is where it belongs now, ``home`` where it came to first.
    """

    id: int
    paper: int
    home: int
    import_id: int
    source: int
    origin: str
    digest: int
    title_key: int | None
    year: int | None
    superseded_by: int | None
    value: Paper

    @property
    def ids(self) -> StrongIds:
        return strong_ids(self.value.identifiers)

    def says_the_same(self, other: "Record") -> bool:
        """Whether they are equal, or have title, first author and year in common."""
        if self.digest == other.digest:
            return True
        same_title = self.title_key is not None and self.title_key == other.title_key
        return same_title and years_agree(self.year, other.year)


@dataclass(slots=True)
class Group:
    """A paper while its records come and go."""

    id: int
    live: bool
    records: list[Record]
    ids: set[tuple[str, str]]  # the strong identifiers of the paper
    apart: set[int] = field(default_factory=set)  # papers it must never be merged with

    def chains(self) -> Iterator[list[Record]]:
        """The records by what they are states of, oldest state first."""
        inside = {record.id for record in self.records}
        earlier = {record.superseded_by: record for record in self.records if record.superseded_by}
        for last in self.records:
            if last.superseded_by not in inside:
                chain = [last]
                while (previous := earlier.get(chain[-1].id)) is not None:
                    chain.append(previous)
                yield chain[::-1]

    def chain(self, record: Record) -> list[Record]:
        return next(chain for chain in self.chains() if record in chain)

    def values(self) -> list[Paper]:
        """What the records say by now."""
        return [_newest(chain) for chain in self.chains()]

    def same_paper(self, ids: Iterable[tuple[str, str]], values: Iterable[Paper]) -> bool | None:
        """Whether this and a match of it, with these strong identifiers and records, may be one paper.

        False where the identifiers conflict, or where titles and first authors say that they are other
        works; what an unsigned record leaves open, the records beside it may tell. True where some agree,
        None where nothing speaks for it but nothing against.
        """
        if conflict(self.ids, ids):
            return False
        verdict = None
        for mine, theirs in product(self.values(), values):
            same = same_work(mine, theirs)
            if same:
                return True
            if same is False:
                verdict = False
        return verdict

    def renew_ids(self) -> None:
        self.ids = {ids for paper in self.values() for ids in strong_ids(paper.identifiers)}

    def fold(self) -> Paper:
        chains = sorted(self.chains(), key=lambda chain: chain[0].id)
        return merge([_newest(chain) for chain in chains])


def _newest(chain: list[Record]) -> Paper:
    return overlay([record.value for record in chain])


def load_groups(connection: sqlite3.Connection, papers: Collection[int]) -> dict[int, Group]:
    """Papers with all their records, the trash included; those that are not there are left out."""
    these = orjson.dumps(list(papers)).decode()
    within = "IN (SELECT value FROM json_each(?))"
    live = dict(connection.execute(f"SELECT id, live FROM papers WHERE id {within}", (these,)))
    groups = {paper: Group(paper, bool(alive), [], set()) for paper, alive in live.items()}
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM records WHERE paper {within} ORDER BY id", (these,)
    ).fetchall()
    # The only record of a paper may have no body: then the paper is what it says.
    bare = [paper for _, paper, *_, body in rows if body is None]
    values = {stored.id: stored.paper for stored in stored_papers(connection, bare, with_trash=True)}
    for row in rows:
        paper, body = row[1], row[-1]
        record = Record(*(*row[:-1], values[paper] if body is None else from_body(body)))
        groups[record.paper].records.append(record)
    for group in groups.values():
        group.renew_ids()
    for one, other in connection.execute(
        f"SELECT one, other FROM apart WHERE one {within} OR other {within}", (these, these)
    ):
        for paper, stranger in ((one, other), (other, one)):
            if paper in groups:
                groups[paper].apart.add(stranger)
    return groups


def insert_records(writer: sqlite3.Connection, records: Iterable[Record], *, alone: bool) -> None:
    """``alone``: each is its paper's only record, and needs no body."""
    writer.executemany(
        f"INSERT INTO records ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                r.id,
                r.paper,
                r.home,
                r.import_id,
                r.source,
                r.origin,
                r.digest,
                r.title_key,
                r.year,
                r.superseded_by,
                None if alone else to_body(r.value).decode(),
            )
            for r in records
        ],
    )


def update_records(writer: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Where records belong now; each gets its body, for its paper may no longer be what it says."""
    writer.executemany(
        "UPDATE records SET paper = ?, superseded_by = ?, body = coalesce(body, ?) WHERE id = ?",
        [(r.paper, r.superseded_by, to_body(r.value).decode(), r.id) for r in records],
    )
