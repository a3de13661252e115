"""Records into the library, a batch at a time: matched, merged, stored, counted."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from indexes.types import OnProgress, Progress
from litsearch.clock import now
from litsearch.errors import ImportFileError
from litsearch.labels import label_ids
from litsearch.library import Library
from litsearch.matching import Arrival, arrival
from litsearch.merging import with_all_identifiers
from litsearch.papers import Paper, Rejected
from litsearch.resolving import Batch
from litsearch.storing import store_batch

BATCH = 5000  # records in a transaction: 2,000 take 15% longer each, for more pages are written twice
_SECONDS = 1.0  # for one batch to be read
_PROBLEMS = 1000  # kept for the report; a caller who wants all of them sees them pass

_COUNTS = ("read", "added", "updated", "unchanged", "merged", "rejected")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import. ``read`` is always the sum of the five counts after it.

    Only what is committed counts, so after an interruption too the numbers are those of the library.
    ``added`` includes papers that came back from the trash. ``problems`` has the first thousand.
    """

    import_id: int
    source: str
    read: int
    added: int
    updated: int
    unchanged: int
    merged: int
    rejected: int
    interrupted: bool
    problems: tuple[Rejected, ...] = ()
    damage: ImportFileError | None = None  # where the file broke off


def ingest(
    library: Library,
    records: Iterable[Paper | Rejected],
    *,
    source: str,
    tags: Sequence[str] = (),
    collections: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Add records from one source (the name of a file or service) to the library.

    Each is added, updates the earlier state of the same record of that source, is known already, or joins
    the paper it matches. All papers of the import get the tags and collections. Ctrl-C
    (KeyboardInterrupt) ends it early, the batches before it stay; an ImportFileError
    from ``records`` does too, and all that came before it stays.

    Raises:
        LibraryError: the library can't be written.
    """
    with library.transaction(durable=False) as writer:
        writer.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", (source,))
        [source_id] = writer.execute("SELECT id FROM sources WHERE name = ?", (source,)).fetchone()
        import_id = (
            writer.execute(
                "INSERT INTO imports (source, started_at) VALUES (?, ?)", (source_id, now())
            ).lastrowid
            or 0
        )
    problems: list[Rejected] = []
    done = 0
    interrupted = False
    damage: ImportFileError | None = None
    try:
        for batch in _batches(records):
            rejected = _add(
                library, batch, source_id, import_id, done, {"tags": tags, "collections": collections}
            )
            problems += rejected[: _PROBLEMS - len(problems)]
            done += len(batch)
            if on_progress is not None:
                on_progress(Progress("add", done))
        with library.transaction(durable=False) as writer:
            writer.execute("UPDATE imports SET finished_at = ? WHERE id = ?", (now(), import_id))
    except KeyboardInterrupt:
        interrupted = True
        _log.info("import %d of %s was interrupted", import_id, source)
    except ImportFileError as error:
        damage = error
        _log.info("%s broke off: %s", source, error)
    with library.snapshot() as reader:
        row = reader.execute(
            f"SELECT {', '.join(_COUNTS)} FROM imports WHERE id = ?",  # noqa: S608
            (import_id,),
        ).fetchone()
    counts = dict(zip(_COUNTS, row, strict=True))
    return ImportReport(
        import_id, source, **counts, interrupted=interrupted, problems=tuple(problems), damage=damage
    )


def _add(
    library: Library,
    batch: Sequence[Paper | Rejected],
    source_id: int,
    import_id: int,
    before: int,
    labels: Mapping[str, Sequence[str]],
) -> list[Rejected]:
    """One batch, in one transaction; those of it that were rejected."""
    arrivals, rejected = _arrivals(batch, before)
    with library.transaction() as writer:
        decided = Batch(writer, arrivals, source_id, import_id)
        store_batch(writer, decided, import_id, label_ids(writer, **labels))
        _count(writer, import_id, {"read": len(batch), "rejected": len(rejected)} | dict(decided.outcomes))
    return rejected


def _arrivals(batch: Sequence[Paper | Rejected], before: int) -> tuple[list[Arrival], list[Rejected]]:
    arrivals: list[Arrival] = []
    rejected: list[Rejected] = []
    for number, record in enumerate(batch, before + 1):
        if isinstance(record, Rejected):
            rejected.append(record)
            continue
        try:
            arrivals.append(arrival(with_all_identifiers(record)))
        except ValueError as error:
            rejected.append(Rejected(number, None, str(error), repr(record)))
    return arrivals, rejected


def _batches(records: Iterable[Paper | Rejected]) -> Iterator[list[Paper | Rejected]]:
    """Up to BATCH records each, fewer from a slow reader: what is read is committed within a second or so."""
    batch: list[Paper | Rejected] = []
    started = monotonic()
    try:
        for record in records:
            batch.append(record)
            if len(batch) >= BATCH or monotonic() - started > _SECONDS:
                yield batch
                batch = []
                started = monotonic()
    except ImportFileError:
        yield batch  # a file that breaks off is kept as far as it goes
        raise
    if batch:
        yield batch


def _count(writer: sqlite3.Connection, import_id: int, counts: Mapping[str, int]) -> None:
    sums = ", ".join(f"{name} = {name} + ?" for name in counts)
    writer.execute(f"UPDATE imports SET {sums} WHERE id = ?", (*counts.values(), import_id))  # noqa: S608
