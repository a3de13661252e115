"""Imports and merges undone: records leave, and what no longer belongs together comes apart."""

import sqlite3
from collections.abc import Iterable, Sequence

import orjson

from litsearch.clock import now
from litsearch.errors import LibraryError
from litsearch.keys import new_keys
from litsearch.labels import drop_unused
from litsearch.records import Group, Record, load_groups, update_records
from litsearch.returning import forget_present, remember
from litsearch.writing import (
    ChangeKind,
    NewPaper,
    insert_papers,
    log_changes,
    next_id,
    rewrite_papers,
    set_live,
)

_AT_ONCE = 1000  # papers


def undo_import(writer: sqlite3.Connection, import_id: int) -> None:
    """Take an import's records out again; what they alone held together comes apart.

    Papers that no other import knows are gone, with their labels, and what was decided of them waits until
    they are added again; those it brought back from the trash return there; labels it gave are taken off.

    Raises:
        LibraryError: there is no such import, or it is undone.
    """
    row = writer.execute("SELECT undone_at FROM imports WHERE id = ?", (import_id,)).fetchone()
    if row is None or row[0] is not None:
        problem = "There is no import" if row is None else "Already undone: import"
        raise LibraryError(f"{problem} {import_id}.", "`litsearch library imports` lists them.")
    at = now()
    _return_to_trash(writer, import_id, at)
    rows = writer.execute("SELECT DISTINCT paper FROM records WHERE import = ? ORDER BY paper", (import_id,))
    papers = [paper for (paper,) in rows]
    for start in range(0, len(papers), _AT_ONCE):
        batch = papers[start : start + _AT_ONCE]
        remember(writer, batch)
        _take_out(writer, batch, import_id, at)
        forget_present(writer)
    writer.execute("DELETE FROM labelled WHERE import = ?", (import_id,))
    drop_unused(writer)
    writer.execute("UPDATE imports SET undone_at = ? WHERE id = ?", (at, import_id))
    writer.execute("UPDATE merges SET undone_at = ? WHERE import = ? AND undone_at IS NULL", (at, import_id))


def unmerge(writer: sqlite3.Connection, merge_id: int) -> list[int]:
    """Undo one merge: the record, or the paper it absorbed, stands alone again, and is kept apart.

    Returns the papers that were one, the one that kept its id first.

    Raises:
        LibraryError: there is no such merge, it is undone, or the record is all that is left.
    """
    row = writer.execute(
        "SELECT paper, record, absorbed FROM merges WHERE id = ? AND undone_at IS NULL", (merge_id,)
    ).fetchone()
    if row is None:
        raise LibraryError(
            f"There is no merge {merge_id} to undo.", "`litsearch library merges --all` lists them."
        )
    paper, record_id, absorbed = row
    group = load_groups(writer, [paper])[paper]
    if absorbed is None:
        alone = next(chain for chain in group.chains() if any(record.id == record_id for record in chain))
        said = {record.digest for record in alone}
        # With it go the records of other files that say the same.
        leaving = [r for chain in group.chains() if any(one.digest in said for one in chain) for r in chain]
    else:
        leaving = [record for record in group.records if record.home == absorbed]
    staying = [record for record in group.records if record not in leaving]
    if not leaving or not staying:
        raise LibraryError(f"Merge {merge_id} has nothing left to separate.", "An import was undone since.")
    at = now()
    rest = _connected(staying)
    papers = _split(writer, group, [*rest, leaving], at, home_of_last=absorbed)
    pairs = [sorted((papers[-1], other)) for other in papers[:-1]]
    writer.executemany("INSERT OR IGNORE INTO apart (one, other) VALUES (?, ?)", pairs)
    writer.execute("UPDATE merges SET undone_at = ? WHERE id = ?", (at, merge_id))
    _review_merges(writer, [paper, *papers], at)
    return sorted(papers, key=lambda other: other != paper)


def _return_to_trash(writer: sqlite3.Connection, import_id: int, at: str) -> None:
    """Papers whose latest way out of the trash was this import."""
    rows = writer.execute(
        "SELECT paper, kind, import FROM changes WHERE kind IN ('removed', 'restored') ORDER BY revision"
    )
    latest = {paper: (kind, by) for paper, kind, by in rows}
    back = [paper for paper, last in latest.items() if last == ("restored", import_id)]
    set_live(writer, back, live=False)
    log_changes(writer, [(paper, "removed") for paper in back], at, import_id)


def _take_out(writer: sqlite3.Connection, papers: Sequence[int], import_id: int, at: str) -> None:
    these = orjson.dumps(papers).decode()
    rows = writer.execute(
        "SELECT DISTINCT paper FROM records WHERE import <> ? AND paper IN (SELECT value FROM json_each(?))",
        (import_id, these),
    )
    shared = sorted(paper for (paper,) in rows)
    for group in load_groups(writer, shared).values():
        dropped = {
            record.id: record.superseded_by for record in group.records if record.import_id == import_id
        }
        kept = [record for record in group.records if record.id not in dropped]
        for record in kept:
            while record.superseded_by in dropped:
                record.superseded_by = dropped[record.superseded_by]
        update_records(writer, kept)
        # In ascending order a state goes before the later one that it points to.
        writer.executemany(
            "DELETE FROM records WHERE id = ?", [(record_id,) for record_id in sorted(dropped)]
        )
        group.records = kept
        _split(writer, group, _connected(kept), at)
    _delete_papers(writer, sorted(set(papers).difference(shared)), at)
    _review_merges(writer, shared, at)


def _connected(records: Iterable[Record]) -> list[list[Record]]:
    """Records by which belong together, decided in the order in which they came as an import decides.

    Each joins what it is a later state of, else what it matches and nothing there speaks against: first
    where it came to at first, then what title or author speak for, then where they share an identifier.
    """
    parts: list[Group] = []
    for record in sorted(records, key=lambda record: record.id):
        part = next((p for p in parts if any(r.superseded_by == record.id for r in p.records)), None)
        near = [p for p in parts if p is not part and _match(p, record)]
        if part is None:
            part = _best(near, record)
        if part is None:
            part = Group(0, True, [], set())
            parts.append(part)
        part.records.append(record)
        part.renew_ids()
        for other in near:
            if other is not part and part.same_paper(other.ids, other.values()) is not False:
                part.records += other.records
                part.renew_ids()
                parts.remove(other)
    return [sorted(part.records, key=lambda record: record.id) for part in parts]


def _match(part: Group, record: Record) -> bool:
    return not part.ids.isdisjoint(record.ids) or any(record.says_the_same(other) for other in part.records)


def _best(near: Iterable[Group], record: Record) -> Group | None:
    ranked = []
    for part in near:
        same = part.same_paper(record.ids, [record.value])
        if same is not False:
            home = record.home in {other.home for other in part.records}
            ranked.append((not home, not same, part.ids.isdisjoint(record.ids), part))
    return min(ranked, key=lambda one: one[:3])[3] if ranked else None


def _split(
    writer: sqlite3.Connection,
    group: Group,
    parts: Sequence[list[Record]],
    at: str,
    *,
    home_of_last: int | None = None,
) -> list[int]:
    """Make each part a paper: the group's own, a merged one come back to life, or a new one."""
    rows = writer.execute("SELECT id FROM papers WHERE merged_into = ?", (group.id,))
    asleep = {name for (name,) in rows}
    new: list[Group] = []
    groups: list[Group] = []
    free = {group.id, *asleep} - {home_of_last}
    homeless = group.id not in {record.home for part in parts for record in part}
    for part in parts:
        if part is parts[-1] and home_of_last is not None:
            paper: int | None = home_of_last
        else:
            homes = {record.home for record in part} & free
            # Where all that came to the paper at first has left, what is nowhere at home stays in it.
            stays = group.id in homes or (homeless and not homes and group.id in free)
            paper = group.id if stays else min(homes, default=None)
        free.discard(paper or 0)
        groups.append(Group(paper or 0, group.live, part, set()))
        if paper is None:
            new.append(groups[-1])
    first = next_id(writer, "papers")
    values = [one.fold() for one in new]
    for number, one in enumerate(new, first):
        one.id = number
    keys = new_keys(writer, values)
    insert_papers(
        writer, [NewPaper(one.id, key, p) for one, key, p in zip(new, keys, values, strict=True)], at
    )
    for one in groups:
        for record in one.records:
            record.paper = one.id
    update_records(writer, [record for one in groups for record in one.records])
    rewrite_papers(writer, [(one.id, one.fold()) for one in groups if one not in new])
    set_live(writer, [one.id for one in groups], live=group.live)
    _settle_names(writer, group.id, asleep, groups, at)
    changes: list[tuple[int, ChangeKind]] = [
        (one.id, "updated" if one.id == group.id else "split") for one in groups
    ]
    log_changes(writer, changes, at)
    return [one.id for one in groups]


def _settle_names(
    writer: sqlite3.Connection, paper: int, asleep: set[int], groups: Sequence[Group], at: str
) -> None:
    """Papers that were merged into this one: awake, a name of the one that has their records, or gone."""
    awake = {one.id for one in groups}
    holder = {record.home: one.id for one in groups for record in one.records}
    for name in asleep - awake:
        if name in holder:
            writer.execute("UPDATE papers SET merged_into = ? WHERE id = ?", (holder[name], name))
        else:
            writer.execute("DELETE FROM papers WHERE id = ?", (name,))
    for name in asleep & awake:
        writer.execute(
            "DELETE FROM labelled WHERE paper = ? AND merge IN (SELECT id FROM merges WHERE absorbed = ?)",
            (paper, name),
        )
    if paper not in awake:
        _delete_papers(writer, [paper], at)


def _delete_papers(writer: sqlite3.Connection, papers: Sequence[int], at: str) -> None:
    these = [(paper,) for paper in papers]
    writer.executemany("DELETE FROM papers WHERE merged_into = ?", these)
    writer.executemany("DELETE FROM papers WHERE id = ?", these)
    log_changes(writer, [(paper, "undone") for paper in papers], at)


def _review_merges(writer: sqlite3.Connection, papers: Sequence[int], at: str) -> None:
    """Merges move with their record; those with nothing left to separate are undone with the rest."""
    these = orjson.dumps(papers).decode()
    rows = writer.execute(
        "SELECT m.id, r.paper, m.absorbed, q.merged_into FROM merges m LEFT JOIN records r ON r.id = m.record"
        " LEFT JOIN papers q ON q.id = m.absorbed"
        " WHERE m.undone_at IS NULL AND m.paper IN (SELECT value FROM json_each(?))",
        (these,),
    ).fetchall()
    groups = load_groups(writer, {paper for _, paper, *_ in rows if paper is not None})
    for merge_id, paper, absorbed, merged_into in rows:
        if absorbed is None:
            home = paper if paper is not None and len(list(groups[paper].chains())) > 1 else None
        else:
            home = merged_into
        if home is None:
            writer.execute("UPDATE merges SET undone_at = ? WHERE id = ?", (at, merge_id))
        else:
            writer.execute("UPDATE merges SET paper = ? WHERE id = ?", (home, merge_id))
