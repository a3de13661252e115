"""Opening a Tantivy directory to read it, even where nothing may be written."""

from contextlib import suppress
from pathlib import Path

import tantivy

from indexes.analysis import register


def committed(folder: Path) -> tuple[int, int] | None:
    """What changes with every commit; None where there is no index."""
    try:
        status = (folder / "meta.json").stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def open_to_read(folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """The last commit. ValueError or OSError where it can't be read.

    Tantivy takes a lock to open an index and so fails in a read-only folder. There the files are linked
    into a folder of our own; they stay mapped when the links are gone again.
    """
    try:
        return _open(folder)
    except ValueError as error:
        if "PermissionDenied" not in str(error) and "ReadOnlyFilesystem" not in str(error):
            raise
    import tempfile  # milliseconds that a search usually need not pay

    with tempfile.TemporaryDirectory(prefix="litsearch-") as name:
        for file in folder.iterdir():
            if file.suffix != ".lock":
                (Path(name) / file.name).symlink_to(file.resolve())
        return _open(Path(name))


def _open(folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    index = tantivy.Index.open(str(folder))
    register(index)
    index.config_reader("manual")  # no thread that watches the folder; the caller opens again on a commit
    return index.schema, index.searcher()


def size(folder: Path) -> int:
    """Bytes on disk of a flat folder, 0 where there is none."""
    total = 0
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            with suppress(FileNotFoundError):  # a merge may finish meanwhile
                total += file.stat().st_size
    return total
