"""What was decided about a batch, written down."""

import sqlite3
from collections.abc import Collection
from itertools import product

from litsearch.clock import now
from litsearch.keys import new_keys
from litsearch.papers import Paper
from litsearch.records import insert_records, update_records
from litsearch.resolving import Batch
from litsearch.returning import recognise
from litsearch.writing import (
    ChangeKind,
    NewPaper,
    absorb_paper,
    insert_papers,
    log_changes,
    rewrite_papers,
    set_live,
)


def store_batch(writer: sqlite3.Connection, batch: Batch, import_id: int, labels: Collection[int]) -> None:
    """Papers, records, merges, labels and the log, inside the caller's transaction."""
    at = now()
    folded = {paper_id: group.fold() for paper_id, group in batch.touched.items()}
    _store_papers(writer, batch, folded, at)
    _store_records(writer, batch)
    _store_merges(writer, batch, import_id, at)
    shared = (record for group in batch.touched.values() for record in group.records)
    recognise(writer, [*batch.new.values(), *(r for r in shared if r.id >= batch.first_record)])
    if labels:
        writer.executemany(
            "INSERT OR IGNORE INTO labelled (paper, label, import) VALUES (?, ?, ?)",
            [
                (paper, label, import_id)
                for paper, label in product({*map(batch.survivor, batch.seen)}, labels)
            ],
        )
    changes: list[tuple[int, ChangeKind]] = [
        (paper_id, "added") for paper_id in batch.new if paper_id not in batch.absorbed
    ]
    changes += [
        (paper_id, "restored" if paper_id in batch.restored else "updated")
        for paper_id in batch.touched
        if paper_id not in batch.new
    ]
    changes += [(paper_id, "merged") for paper_id in batch.absorbed if paper_id not in batch.new]
    log_changes(writer, changes, at, import_id)


def _store_papers(writer: sqlite3.Connection, batch: Batch, folded: dict[int, Paper], at: str) -> None:
    values = [folded.get(paper_id) or record.value for paper_id, record in batch.new.items()]
    # By the record that came first, so that keys do not depend on where a batch ends.
    keys = new_keys(writer, [record.value for record in batch.new.values()])
    new = zip(batch.new, keys, values, strict=True)
    if batch.absorbed:
        gone = batch.absorbed
        insert_papers(
            writer,
            [
                NewPaper(paper_id, key, p, batch.survivor(paper_id) if paper_id in gone else None)
                for paper_id, key, p in new
            ],
            at,
        )
    else:
        insert_papers(writer, [NewPaper(paper_id, key, p) for paper_id, key, p in new], at)
    rewrite_papers(
        writer, [(paper_id, paper) for paper_id, paper in folded.items() if paper_id not in batch.new]
    )
    set_live(writer, batch.restored, live=True)


def _store_records(writer: sqlite3.Connection, batch: Batch) -> None:
    shared = [record for group in batch.touched.values() for record in group.records]
    inside = {record.id for record in shared}
    insert_records(writer, [r for r in batch.new.values() if r.id not in inside], alone=True)
    insert_records(writer, [r for r in shared if r.id >= batch.first_record], alone=False)
    update_records(writer, [r for r in shared if r.id < batch.first_record])


def _store_merges(writer: sqlite3.Connection, batch: Batch, import_id: int, at: str) -> None:
    for merge in batch.merges:
        paper = batch.survivor(merge.paper)
        cursor = writer.execute(
            "INSERT INTO merges (import, at, paper, record, absorbed, why) VALUES (?, ?, ?, ?, ?, ?)",
            (import_id, at, paper, merge.record, merge.absorbed, merge.why),
        )
        if merge.absorbed is not None:
            absorb_paper(writer, merge.absorbed, paper, cursor.lastrowid)
