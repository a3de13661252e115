"""The papers and judged sets that the benchmarks read, in the BEIR layout, plain or .xz."""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

PAPERS = ("cs_papers", "arxiv", "acm_cr", "pubmed_sample")


def lines(path: Path) -> Iterator[str]:
    """The lines of a file, or of its .xz form."""
    if path.exists():
        with path.open(encoding="utf-8") as plain:
            yield from plain
    else:
        with lzma.open(path.with_name(path.name + ".xz"), "rt", encoding="utf-8") as packed:
            yield from packed


def prepare(data: Path, out: Path) -> dict[str, Path]:
    """Plain JSON Lines of about 5k, 139k and 480k papers, by the size's name."""
    out.mkdir(parents=True, exist_ok=True)
    files = {name: out / f"{name}.jsonl" for name in ("5k", "139k", "480k")}
    if not all(file.exists() for file in files.values()):
        with (
            files["5k"].open("w") as small,
            files["139k"].open("w") as middle,
            files["480k"].open("w") as large,
        ):
            for collection in PAPERS:
                for number, line in enumerate(lines(data / "papers" / f"{collection}.jsonl")):
                    large.write(line)
                    if collection == "cs_papers":
                        middle.write(line)
                        if number % 28 == 0:
                            small.write(line)
    return files


def queries(data: Path, out: Path) -> dict[str, Path]:
    """Real questions of some 20 words, and real searches of a few words, as one file each."""
    files = {}
    for name, source in (("questions", "litsearch_dev"), ("searches", "scirepeval_search_sample")):
        records = lines(data / "dev" / source / "queries.jsonl")
        files[name] = out / f"{name}.jsonl"
        files[name].write_text(
            "".join(json.dumps(json.loads(line)) + "\n" for line in records), encoding="utf-8"
        )
    return files
