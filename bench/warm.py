"""One process that searches again and again: latencies, and the anonymous memory it ends with.

Run by ``bench.speed``: python -m bench.warm LIBRARY QUERIES LEGS(comma-separated) FILTERED(0 or 1)
"""

import json
import os
import re
import sys
import time
from pathlib import Path

from indexes.hybrid import HybridIndex
from indexes.types import LEGS, Filters, Query
from litsearch.library import Library

WARM_UP = 10


def anonymous_mb() -> float:
    """RssAnon of this process: memory that is not the page cache of mapped files."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def main(folder: str, queries: str, legs: str, filtered: str) -> dict[str, object]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    filters = Filters(year_from=2015, year_to=2021) if filtered == "1" else Filters()
    chosen = [leg for leg in LEGS if leg in legs.split(",")]
    texts = [json.loads(line)["text"] for line in Path(queries).read_text(encoding="utf-8").splitlines()]
    with Library.open(Path(folder), create=False) as library:
        index = HybridIndex.open(library.index_folder, library)
        times = []
        for number, text in enumerate(texts[:WARM_UP] + texts):
            start = time.perf_counter()
            index.search(Query(text, filters), k=10, legs=chosen)
            if number >= WARM_UP:
                times.append(time.perf_counter() - start)
    return {"seconds": times, "anonymous_mb": anonymous_mb()}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
