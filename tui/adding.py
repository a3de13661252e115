"""Files into the library and papers into the index, while the user does other things.

Blocking: for thread workers.
"""

import shlex
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexes.types import Progress
from litsearch.errors import ImportFileError
from litsearch.importers import find_files, open_records, write_rejects
from litsearch.ingest import ImportReport, ingest
from litsearch.papers import Paper, Rejected
from litsearch.rejects import place, spool

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library


class Stopped(Exception):  # noqa: N818 (nothing is wrong)
    """The user stopped it, or left. What was committed stays."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one file; ``rejects`` is where its rejected records lie, ``error`` why it was not read."""

    path: Path
    report: ImportReport | None = None
    rejects: Path | None = None
    error: ImportFileError | None = None


class Job:
    """What is being done, for whoever shows it: ``said`` and ``share`` (0 to 1, None where it is not known)
    are written by the thread that works and read by others."""

    def __init__(self, said: str) -> None:
        self.said = said
        self.share: float | None = None
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def tell(self, progress: Progress) -> None:
        """Raises Stopped where it is to end."""
        if self.stopping:
            raise Stopped
        self.said = f"{progress.stage} · {progress.done:,}" + (
            f" of {progress.total:,}" if progress.total else ""
        )
        self.share = progress.done / progress.total if progress.total else None


def named(text: str) -> list[Path]:
    """Paths as they are typed, pasted or dropped: one as it stands, or several, quoted as a shell does."""
    whole = Path(text.strip().strip("'\"")).expanduser()
    if whole.exists():
        return [whole]
    try:
        return [Path(part.removeprefix("file://")).expanduser() for part in shlex.split(text)]
    except ValueError:  # a quotation mark that is part of a name
        return [Path(part).expanduser() for part in text.split()]


def add(library: "Library", paths: list[Path], tags: list[str], job: Job) -> Iterator[Added]:
    """Each file as it is done; a file that can't be read costs only itself.

    Raises ImportFileError where a path is not there, LibraryError where the library can't be written.
    """
    for path in list(find_files(paths)):
        if job.stopping:
            return
        job.said, job.share = path.name, None
        try:
            yield _add(library, path, tags, job)
        except ImportFileError as error:
            yield Added(path, error=error)


def _add(library: "Library", path: Path, tags: list[str], job: Job) -> Added:
    file = open_records(path)

    def records() -> Iterator[Paper | Rejected]:
        for record in file.records:
            if job.stopping:
                raise KeyboardInterrupt  # what ends an import early, with all that came before it kept
            read, whole = file.position()
            job.share = read / max(whole, 1)
            yield record

    def on_progress(progress: Progress) -> None:
        job.said = f"{path.name} · {progress.done:,} records"

    with spool() as kept:
        report = ingest(
            library, kept.keeping(records()), source=path.name, tags=tags, on_progress=on_progress
        )
        rejects = place(library.folder, report.import_id, path) if kept.count else None
        if rejects is not None:
            write_rejects(kept.read(), file.format, rejects)
    return Added(path, report, rejects, report.damage)


def catch_up(index: "HybridIndex", job: Job) -> None:
    """Has every leg of an index come to where its library is.

    Raises Stopped, HintedError where a leg can't be written, IndexBusyError while another process does.
    """

    def waiting() -> None:
        job.said, job.share = "another process is indexing: waiting for it", None

    job.said, job.share = "bringing the index up to date", None
    index.update(on_progress=job.tell, on_wait=waiting)
