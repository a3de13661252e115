"""How quickly the shipped encoder reads, beside sentence-transformers' all-MiniLM-L6-v2 in float32.

    python -m bench.encoding DATA --peer all-MiniLM-L6-v2-OR-FOLDER [--count 300] [--lengths 128,256]

Both read the same papers, cut to the same length, in turn in the same run, each three times over; the best
counts, since other work only ever slows. The peer gives a dense vector, the encoder that and the impacts.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bench.corpora import lines
from bench.tables import table, write
from indexes.encoders import shipped_folder
from indexes.joint import JointModel

ROUNDS = 3


def rate(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """Texts a second."""
    began = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - began)


def texts_of(data: Path, count: int) -> list[str]:
    import json

    records = map(json.loads, islice(lines(data / "papers" / "cs_papers.jsonl"), 20 * count))
    texts = [f"{record['title']}\n{record['text']}" for record in records if len(record["text"]) > 400]
    return texts[:: max(1, len(texts) // count)][:count]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--model", type=Path, default=shipped_folder())
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--lengths", default="128,256")
    parser.add_argument("--results", type=Path, default=Path("bench/results/encoding.md"))
    options = parser.parse_args()
    from sentence_transformers import SentenceTransformer

    peer = SentenceTransformer(options.peer, device="cpu")
    texts = texts_of(options.data, options.count)
    rows = []
    for length in map(int, options.lengths.split(",")):
        peer.max_seq_length = length
        ours = JointModel.load(options.model)
        ours = JointModel(ours.folder, replace(ours.manifest, max_length=length))
        ours.encode(texts[:8])
        peer.encode(texts[:8])
        rates = [(rate(ours.encode, texts), rate(peer.encode, texts)) for _ in range(ROUNDS)]
        own, theirs = (max(each) for each in zip(*rates, strict=True))
        rows.append([str(length), f"{own:.0f}", f"{theirs:.0f}", f"{own / theirs:.2f}"])
    header = ["word pieces", "litsearch, both vectors", "sentence-transformers, dense", "ratio"]
    write(options.results, "Encoding", [(f"Documents a second, {len(texts)} papers", table(header, rows))])
    print(options.results.read_text())


if __name__ == "__main__":
    main()
