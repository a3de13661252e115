"""The peer paper-qa's own index and search (``SearchIndex``), run by its own interpreter.

build CORPUS INDEX | cold INDEX QUERY | warm INDEX QUERIES: one JSON object on stdout.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from paperqa.agents.search import SearchIndex


def open_index(folder: str) -> SearchIndex:
    return SearchIndex(["file_location", "body", "title", "year"], index_name="bench", index_directory=folder)


async def build(corpus: str, index: str) -> dict[str, object]:
    start = time.perf_counter()
    papers = 0
    target = open_index(index)
    with Path(corpus).open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            values = {
                "file_location": record["_id"],
                "title": record["title"],
                "body": record["text"],
                "year": str(record["metadata"].get("year", "")),
            }
            await target.add_document(values, document={"id": record["_id"], "title": record["title"]})
            papers += 1
    await target.save_index()
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in Path(index).rglob("*") if file.is_file())
    return {"papers": papers, "seconds": seconds, "bytes": size, "peak_mb": peak()}


async def cold(index: str, query: str) -> dict[str, object]:
    return {"hits": await open_index(index).query(query, top_n=10)}


async def warm(index: str, queries: str) -> dict[str, object]:
    target = open_index(index)
    with Path(queries).open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    for _ in range(10):
        await target.query("sparse retrieval", top_n=10)
    times, failed = [], 0
    for text in texts:
        start = time.perf_counter()
        try:
            await target.query(text, top_n=10)
        except ValueError:  # its query parser refuses some plain questions, such as those with an apostrophe
            failed += 1
        else:
            times.append(time.perf_counter() - start)
    return {"seconds": times, "failed": failed, "peak_mb": peak()}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    command = {"build": build, "cold": cold, "warm": warm}[sys.argv[1]]
    print(json.dumps(asyncio.run(command(*sys.argv[2:]))))
