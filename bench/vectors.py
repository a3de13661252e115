"""The dense leg beside usearch's HNSW graph and an exact scan of the floats, on the same vectors in one run.

python -m bench.vectors LIBRARY [--sizes 139k,1m] [--peer PEERS/usearch/bin/python] [--out bench/out]

LIBRARY has a dense leg, whose vectors are taken; where more are asked for than it has, they are repeated
with noise. Queries are vectors of the leg with noise. Everything runs on one core.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy import float32
from numpy.typing import NDArray

from bench.measure import percentile, run
from bench.tables import table, write
from bench.warm import anonymous_mb
from indexes.dense import DenseLeg
from indexes.encoders import DenseEncoder
from indexes.manifest import read_manifest
from indexes.types import Filters, Query
from indexes.vectors import Manifest, Vectors, append, pack, unpack

SIZES = {"5k": 5_000, "139k": 139_000, "480k": 480_000, "1m": 1_000_000}
QUERIES = 100
BATCH = 20_000
NOISE = 0.02  # a dimension; vectors of 384 dimensions differ from their copies by a cosine of about .07
K = (10, 100)
PEER = Path(__file__).parent / "peers" / "usearch_peer.py"
HEADER = (
    "papers",
    "program",
    "build CPU s",
    "cold ms",
    "p50 ms",
    "p95 ms",
    "recall@10",
    "recall@100",
    "bytes",
    "MB",
)


class Known:
    """An encoder that knows only the queries of this benchmark, by their number."""

    name = hash = "benchmark"

    def __init__(self, queries: NDArray[float32]) -> None:
        self._queries = queries
        self.dimensions = queries.shape[1]

    def documents(self, texts: Sequence[str]) -> NDArray[float32]:
        return numpy.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[float32]:
        return numpy.asarray(self._queries[int(text)])


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds (``build`` of processor time), bytes a vector, MB of anonymous memory; ``found`` are row
    numbers by query."""

    build: float
    cold: float
    times: Sequence[float]
    found: Sequence[Sequence[int]]
    bytes: float
    memory: float | None = None

    def cells(self, size: str, name: str, exact: Sequence[Sequence[int]] | None) -> list[str]:
        recalls = ["-"] * len(K)
        if exact is not None:
            shares = [
                [len({*a[:k]} & {*b[:k]}) / k for a, b in zip(self.found, exact, strict=True)] for k in K
            ]
            recalls = [f"{statistics.mean(each):.3f}" for each in shares]
        return [
            size,
            name,
            f"{self.build:.1f}",
            f"{1000 * self.cold:.1f}",
            f"{1000 * statistics.median(self.times):.1f}",
            f"{1000 * percentile(self.times, 0.95):.1f}",
            *recalls,
            f"{self.bytes:.0f}",
            "-" if self.memory is None else f"{self.memory:.0f}",
        ]


def prepare(library: Path, count: int, target: Path) -> NDArray[float32]:
    """A memory-mapped array of that many vectors of unit length."""
    manifest = read_manifest(library / "index")
    leg = manifest.serving.get("dense") if manifest else None
    source = Vectors.open(library / "index" / leg.folder) if leg else None
    if source is None:
        raise SystemExit(f"{library} has no dense leg.")
    random = numpy.random.default_rng(1)
    path = target / "vectors.npy"
    shape = (count, source.manifest.dimensions)
    made = numpy.lib.format.open_memmap(path, mode="w+", dtype=numpy.float32, shape=shape)
    for start in range(0, count, BATCH):
        rows = (numpy.arange(start, min(start + BATCH, count))) % source.manifest.rows
        some = unpack(source.rows[rows])
        if start + len(rows) > source.manifest.rows:
            some += random.standard_normal(some.shape, dtype=numpy.float32) * NOISE
        made[start : start + len(rows)] = some / numpy.linalg.norm(some, axis=1, keepdims=True)
    made.flush()
    return made


def asked(vectors: NDArray[float32]) -> NDArray[float32]:
    random = numpy.random.default_rng(2)
    some = vectors[numpy.sort(random.choice(len(vectors), QUERIES, replace=False))]
    some = some + random.standard_normal(some.shape, dtype=numpy.float32) * 1.5 * NOISE
    return numpy.asarray(some / numpy.linalg.norm(some, axis=1, keepdims=True), dtype=numpy.float32)


def timed(work: Callable[[int], Sequence[int]], count: int) -> tuple[list[float], list[Sequence[int]]]:
    times, found = [], []
    for number in range(count):
        start = time.perf_counter()
        found.append(work(number))
        times.append(time.perf_counter() - start)
    return times, found


def exact_scan(vectors: NDArray[float32], queries: NDArray[float32]) -> Row:
    """Every float, block by block as memory allows."""

    def search(number: int) -> Sequence[int]:
        scores = numpy.concatenate(
            [vectors[start : start + BATCH] @ queries[number] for start in range(0, len(vectors), BATCH)]
        )
        best = numpy.argpartition(-scores, K[-1])[: K[-1]]
        ordered: list[int] = best[numpy.argsort(-scores[best], kind="stable")].tolist()
        return ordered

    cold = timed(search, 1)[0][0]
    times, found = timed(search, len(queries))
    return Row(0.0, cold, times, found, 4.0 * vectors.shape[1])


def dense_leg(vectors: NDArray[float32], encoder: DenseEncoder, folder: Path) -> dict[str, Row]:
    start = time.process_time()
    for first in range(0, len(vectors), BATCH):
        rows = pack(numpy.asarray(vectors[first : first + BATCH]))
        manifest = Manifest.read(folder) or Manifest(encoder.name, encoder.hash, encoder.dimensions)
        append(folder, manifest, rows, range(first + 1, first + 1 + len(rows)), (), first + len(rows))
    build = time.process_time() - start
    size = sum(file.stat().st_size for file in folder.iterdir()) / len(vectors)
    rows_of: dict[str, Row] = {}
    tenth = frozenset(range(1, len(vectors) + 1, 10))
    for name, filters in (
        ("litsearch", Filters()),
        ("litsearch, one paper in ten admitted", Filters(ids=tenth)),
    ):
        leg = DenseLeg(folder, encoder)

        def search(number: int, leg: DenseLeg = leg, filters: Filters = filters) -> Sequence[int]:
            return [each - 1 for each, _ in leg.search(Query(str(number), filters), K[-1])]

        cold = timed(search, 1)[0][0]
        before = anonymous_mb()
        times, found = timed(search, QUERIES)
        rows_of[name] = Row(build, cold, times, found, size, anonymous_mb() - before)
        leg.close()
    return rows_of


def graph(python: Path, folder: Path) -> Row:
    command = [str(python), str(PEER)]
    index, queries = str(folder / "usearch"), str(folder / "queries.npy")
    built = run([*command, "build", str(folder / "vectors.npy"), index]).json()
    cold = run([*command, "cold", index, queries]).json()
    warm = run([*command, "warm", index, queries, str(K[-1])]).json()
    count = len(numpy.load(folder / "vectors.npy", mmap_mode="r"))
    return Row(
        float(str(built["seconds"])),
        float(str(cold["seconds"])),
        json.loads(json.dumps(warm["seconds"])),
        json.loads(json.dumps(warm["found"])),
        float(str(built["bytes"])) / count,
    )


def measured(library: Path, size: str, peer: Path | None, out: Path) -> list[list[str]]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    folder = out / f"vectors-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    vectors = prepare(library, SIZES[size], folder)
    queries = asked(vectors)
    numpy.save(folder / "queries.npy", queries)
    truth = exact_scan(vectors, queries)
    rows = [truth.cells(size, "exact scan of floats", truth.found)]
    for name, row in dense_leg(vectors, Known(queries), folder / "dense").items():
        rows.append(row.cells(size, name, truth.found if name == "litsearch" else None))
    if peer is not None and peer.exists():
        rows.append(graph(peer, folder).cells(size, "usearch HNSW, 8 bits", truth.found))
    shutil.rmtree(folder)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--sizes", default="139k,1m")
    parser.add_argument("--peer", type=Path, help="a Python that has usearch")
    parser.add_argument("--peer-sizes", default="139k", help="the graph of a million takes long")
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    arguments = parser.parse_args()
    rows: list[list[str]] = []
    for size in arguments.sizes.split(","):
        peer = arguments.peer if size in arguments.peer_sizes.split(",") else None
        rows += measured(arguments.library, size, peer, arguments.out)
        sys.stderr.write(f"{table(HEADER, rows)}\n")
    note = (
        "Vectors of a library's dense leg; those past its own are copies with noise, which makes them near "
        f"neighbours. {QUERIES} queries are vectors with noise. Recall is of the exact best by 32-bit "
        "floats; build is from vectors in memory to files, in processor seconds; cold is opening and the "
        "first search in a process that has loaded its libraries, the files in the page cache; MB is the "
        "anonymous memory that searching added.\n"
    )
    write(
        Path(__file__).parent / "results" / "vectors.md",
        "Vector search",
        [("Searching vectors of 384 dimensions on one core", table(HEADER, rows)), ("Note", note)],
    )


if __name__ == "__main__":
    main()
