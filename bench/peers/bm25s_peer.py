"""The peer bm25s (k1 1.2, b 0.75, Lucene's formula, English stemming), run by its own interpreter.

build CORPUS INDEX | cold INDEX QUERY | warm INDEX QUERIES | run INDEX QUERIES: one JSON object on stdout.
"""

import json
import resource
import sys
import time
from pathlib import Path

import bm25s
import Stemmer


def tokens(texts: list[str]) -> object:
    stemmer = Stemmer.Stemmer("english")
    return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)


def build(corpus: str, index: str) -> dict[str, object]:
    start = time.perf_counter()
    ids: list[str] = []
    texts: list[str] = []
    with Path(corpus).open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            ids.append(record["_id"])
            texts.append(f"{record['title']}\n{record['text']}")
    retriever = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    retriever.index(tokens(texts), show_progress=False)
    retriever.save(index)
    (Path(index) / "ids.json").write_text(json.dumps(ids))
    seconds = time.perf_counter() - start
    return {"papers": len(ids), "seconds": seconds, "bytes": size(index), "peak_mb": peak()}


def load(index: str) -> tuple[bm25s.BM25, list[str]]:
    return bm25s.BM25.load(index, mmap=True), json.loads((Path(index) / "ids.json").read_text())


def search(retriever: bm25s.BM25, ids: list[str], text: str, k: int) -> list[tuple[str, float]]:
    found, scores = retriever.retrieve(tokens([text]), k=min(k, len(ids)), show_progress=False)
    return [(ids[row], float(score)) for row, score in zip(found[0], scores[0], strict=True) if score > 0]


def cold(index: str, query: str) -> dict[str, object]:
    return {"hits": search(*load(index), query, 10)}


def warm(index: str, queries: str) -> dict[str, object]:
    retriever, ids = load(index)
    texts = read_queries(queries)
    for text in list(texts.values())[:10]:
        search(retriever, ids, text, 10)
    times = []
    for text in texts.values():
        start = time.perf_counter()
        search(retriever, ids, text, 10)
        times.append(time.perf_counter() - start)
    return {"seconds": times, "peak_mb": peak()}


def run(index: str, queries: str) -> dict[str, object]:
    retriever, ids = load(index)
    return {"run": {name: search(retriever, ids, text, 100) for name, text in read_queries(queries).items()}}


def read_queries(path: str) -> dict[str, str]:
    with Path(path).open(encoding="utf-8") as lines:
        return {record["_id"]: record["text"] for record in map(json.loads, lines)}


def size(folder: str) -> int:
    return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    command = {"build": build, "cold": cold, "warm": warm, "run": run}[sys.argv[1]]
    print(json.dumps(command(*sys.argv[2:])))
