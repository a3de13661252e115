"""The peer usearch: an HNSW graph with its own settings, over 8-bit vectors, run by its own interpreter.

build VECTORS(.npy) INDEX | cold INDEX QUERIES(.npy) | warm INDEX QUERIES K: one JSON object on stdout.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy
from usearch.index import Index


def build(vectors: str, index: str) -> dict[str, object]:
    data = numpy.load(vectors, mmap_mode="r")
    start = time.process_time()
    graph = Index(ndim=data.shape[1], metric="ip", dtype="i8")
    for first in range(0, len(data), 50_000):
        some = numpy.array(data[first : first + 50_000])
        graph.add(numpy.arange(first, first + len(some)), some, threads=1)
    graph.save(index)
    return {"seconds": time.process_time() - start, "bytes": Path(index).stat().st_size}


def cold(index: str, queries: str) -> dict[str, object]:
    query = numpy.load(queries)[0]
    start = time.perf_counter()
    Index.restore(index, view=True).search(query, 10)
    return {"seconds": time.perf_counter() - start}


def warm(index: str, queries: str, k: str) -> dict[str, object]:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    graph = Index.restore(index, view=True)
    asked = numpy.load(queries)
    times, found = [], []
    for query in asked[:5]:
        graph.search(query, int(k), threads=1)
    for query in asked:
        start = time.perf_counter()
        matches = graph.search(query, int(k), threads=1)
        times.append(time.perf_counter() - start)
        found.append([int(key) for key in matches.keys])
    return {"seconds": times, "found": found}


if __name__ == "__main__":
    print(json.dumps({"build": build, "cold": cold, "warm": warm}[sys.argv[1]](*sys.argv[2:])))
