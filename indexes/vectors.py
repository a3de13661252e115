"""An append-only file of vectors, memory-mapped: rows, their signs, their ids, and which of them are dead.

A row is 8 bits a dimension and a scale, a fifth of the encoder's floats: the best 100 of 139k real vectors
were the same to .996. Data are synced first, then the manifest is replaced in one step: rows past the length
that it names are void, whatever a crash left there. Readers map what it names and nothing else.
"""

import json
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy
from numpy import float32, int64, uint64
from numpy.typing import NDArray

from indexes import durable
from indexes.errors import IndexDamagedError, IndexMismatchError

SCHEMA = 1
MANIFEST = "manifest.json"
KINDS = ("rows", "signs", "ids", "dead")
DEAD_SHARE = 1 / 3  # of the rows; with more of them dead the file is written anew
REBUILD = "Run `litsearch index rebuild --leg dense` to build it again from the library."

Rows = NDArray[Any]  # structured: scale float32, values int8 of shape (dimensions,)


def row_type(dimensions: int) -> "numpy.dtype[Any]":
    return numpy.dtype([("scale", "<f4"), ("values", "i1", (dimensions,))])


def pack(vectors: NDArray[float32]) -> Rows:
    """Vectors of shape (n, dimensions) as n rows, each scaled so that its largest value is 127."""
    rows = numpy.zeros(len(vectors), dtype=row_type(vectors.shape[1]))
    rows["scale"] = numpy.maximum(numpy.abs(vectors).max(axis=1, initial=0.0), 1e-12) / 127
    rows["values"] = numpy.rint(vectors / rows["scale"][:, None])
    return rows


def unpack(rows: Rows) -> NDArray[float32]:
    """Rows as vectors of shape (n, dimensions), of about unit length."""
    return cast("NDArray[float32]", rows["values"].astype(numpy.float32) * rows["scale"][:, None])


def from_bytes(values: Sequence[bytes], dimensions: int) -> Rows:
    """Rows from the bytes of each."""
    return numpy.frombuffer(b"".join(values), dtype=row_type(dimensions))


def signs(vectors: NDArray[Any]) -> NDArray[uint64]:
    """One bit a dimension, shape (n, words of 64 bits)."""
    bits = numpy.packbits(vectors > 0, axis=1)
    padding = -bits.shape[1] % 8
    return numpy.pad(bits, ((0, 0), (0, padding))).view(numpy.uint64)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the files hold: how many rows and dead rows are valid in this generation of them."""

    encoder: str
    hash: str
    dimensions: int
    revision: int = 0
    generation: int = 0
    rows: int = 0
    dead: int = 0
    schema: int = SCHEMA

    @classmethod
    def read(cls, folder: Path) -> "Manifest | None":
        try:
            content = (folder / MANIFEST).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            values = json.loads(content)
            if values["schema"] == SCHEMA:
                return cls(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"{folder / MANIFEST} can't be read: {error}", REBUILD) from error
        raise IndexMismatchError(f"The dense index has schema {values['schema']}, not {SCHEMA}.", REBUILD)

    def write(self, folder: Path) -> None:
        """Replace the manifest in one step; what it speaks of must be synced before."""
        durable.replace(folder / MANIFEST, json.dumps(asdict(self)).encode())

    def path(self, folder: Path, kind: str) -> Path:
        return folder / f"{kind}-{self.generation}.bin"

    def width(self, kind: str) -> int:
        """Bytes of an entry."""
        sizes = {"rows": 4 + self.dimensions, "signs": -(-self.dimensions // 64) * 8}
        return sizes.get(kind, 8)

    def length(self, kind: str) -> int:
        """Valid bytes of a file."""
        return self.width(kind) * (self.dead if kind == "dead" else self.rows)


@dataclass(eq=False)
class Vectors:
    """The valid rows of one manifest, mapped into memory."""

    manifest: Manifest
    rows: Rows
    signs: NDArray[uint64]
    ids: NDArray[int64]
    dead: NDArray[int64]

    @classmethod
    def open(cls, folder: Path) -> "Vectors | None":
        """None where nothing was written yet."""
        for _ in range(5):  # files of a generation go once the next one is there
            manifest = Manifest.read(folder)
            if manifest is None:
                return None
            with suppress(FileNotFoundError):
                return cls(
                    manifest,
                    _map(manifest, folder, "rows", row_type(manifest.dimensions)),
                    _map(manifest, folder, "signs", numpy.dtype("<u8")).reshape(
                        manifest.rows, -(-manifest.dimensions // 64)
                    ),
                    _map(manifest, folder, "ids", numpy.dtype("<i8")),
                    _map(manifest, folder, "dead", numpy.dtype("<i8")),
                )
        raise IndexDamagedError(f"Files of the dense index in {folder} are missing.", REBUILD)

    @property
    def documents(self) -> int:
        return self.manifest.rows - self.manifest.dead

    @cached_property
    def _longest_id(self) -> int:
        return int(self.ids.max(initial=0))

    def rows_of(self, ids: Collection[int]) -> NDArray[int64]:
        """Numbers of the live rows of those ids, in the file's order."""
        wanted = numpy.zeros(self._longest_id + 1, dtype=numpy.bool_)
        known = numpy.fromiter(ids, dtype=numpy.int64, count=len(ids))
        wanted[known[(known >= 0) & (known <= self._longest_id)]] = True
        found = wanted[self.ids]
        found[self.dead] = False
        return cast("NDArray[int64]", numpy.flatnonzero(found))


def _map(manifest: Manifest, folder: Path, kind: str, entry: "numpy.dtype[Any]") -> NDArray[Any]:
    path = manifest.path(folder, kind)
    count = manifest.length(kind) // entry.itemsize
    if path.stat().st_size < manifest.length(kind):
        raise IndexDamagedError(f"{path} is shorter than its manifest says.", REBUILD)
    if count == 0:
        return numpy.zeros(0, dtype=entry)
    return numpy.asarray(numpy.memmap(path, dtype=entry, mode="r", shape=(count,)))


def append(
    folder: Path, manifest: Manifest, rows: Rows, ids: Sequence[int], gone: Collection[int], revision: int
) -> None:
    """Add rows for ids and bury the rows of the ids that are gone or replaced; readers see both or neither.

    ``manifest`` is what the folder's manifest says, or a new one for an empty folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = Vectors.open(folder)
    buried = before.rows_of({*gone, *ids}) if before is not None else numpy.zeros(0, dtype=numpy.int64)
    parts: dict[str, NDArray[Any]] = {
        "rows": rows,
        "signs": signs(rows["values"]),
        "ids": numpy.array(ids, dtype="<i8"),
        "dead": buried.astype("<i8"),
    }
    for kind in KINDS:
        with _writing(manifest.path(folder, kind), manifest.length(kind)) as file:
            parts[kind].tofile(file)
    after = replace(
        manifest, rows=manifest.rows + len(rows), dead=manifest.dead + len(buried), revision=revision
    )
    after.write(folder)
    if after.dead > after.rows * DEAD_SHARE:
        compact(folder)
    else:
        _sweep(folder, after)


def compact(folder: Path) -> None:
    """Write the live rows to files of a new generation, and remove the old ones."""
    old = Vectors.open(folder)
    if old is None:
        return
    live = numpy.ones(old.manifest.rows, dtype=numpy.bool_)
    live[old.dead] = False
    kept = numpy.flatnonzero(live)
    new = replace(old.manifest, generation=old.manifest.generation + 1, rows=len(kept), dead=0)
    for kind, data in (("rows", old.rows), ("signs", old.signs), ("ids", old.ids), ("dead", old.dead[:0])):
        with _writing(new.path(folder, kind), 0) as file:
            for start in range(0, len(kept) if len(data) else 0, 4096):
                data[kept[start : start + 4096]].tofile(file)
    new.write(folder)
    _sweep(folder, new)


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove files of other generations: those before, and what a killed compaction left."""
    kept = {manifest.path(folder, kind) for kind in KINDS}
    for path in folder.glob("*-*.bin"):
        if path not in kept:
            with suppress(OSError):  # a reader on Windows may still hold it; the next batch takes it
                path.unlink()


@contextmanager
def _writing(path: Path, valid: int) -> Iterator[Any]:
    """A file open for appending after its valid bytes; on leaving it is on the disk."""
    with path.open("ab") as file:
        file.truncate(valid)
        yield file
        file.flush()
        os.fsync(file.fileno())
