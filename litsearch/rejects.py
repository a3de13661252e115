"""Records that an import could not take, kept aside to be mended and added again."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from litsearch.importers.formats import PACKED
from litsearch.papers import Paper, Rejected


class Spool:
    """Rejected records on disk, for there may be millions of them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.count = 0

    def keeping(self, records: Iterable[Paper | Rejected]) -> Iterator[Paper | Rejected]:
        """The records as they come; those rejected are kept."""
        for record in records:
            if isinstance(record, Rejected):
                pickle.dump(record, self._file)
                self.count += 1
            yield record

    def read(self) -> Iterator[Rejected]:
        self._file.seek(0)
        for _ in range(self.count):
            yield pickle.load(self._file)  # noqa: S301 (written a moment ago by this process)


@contextmanager
def spool() -> Iterator[Spool]:
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as file:
        yield Spool(file)


def place(library: Path, import_id: int, source: Path) -> Path:
    """Where the rejected records of an import go, when nobody says otherwise; the folder is made."""
    name = source.stem if source.suffix.lower() in PACKED else source.name  # they are written unpacked
    folder = library / "rejects"
    folder.mkdir(exist_ok=True)
    return folder / f"{import_id}-{name}"
