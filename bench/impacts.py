"""The sparse leg at scale: how long a search takes, how many bytes a paper, and that it is exact.

python -m bench.impacts DATA [--sizes 139k,1m] [--out bench/out]

The impacts stand for a trained encoder's, which would take hours: of each abstract the 60 word pieces that
tell most of it, and 40 of the next paper as expansions at half their weight. Past 480k papers the expansions
come from a paper farther on. Queries are real questions and searches, by how many tokens they have.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import log
from pathlib import Path

from bench.corpora import prepare, queries
from bench.measure import percentile, size
from bench.tables import table, write
from bench.warm import anonymous_mb
from indexes.impact import ImpactLeg
from indexes.types import Change, Document, Filters, Query
from indexes.wordpieces import WordPieces

SIZES = {"5k": 5_000, "139k": 139_000, "480k": 480_000, "1m": 1_000_000}
BATCH = 20_000
OWN, ADDED = 60, 40
CEILING = 3.0
K = 200  # as deep as a fused search asks each leg
MOST = 100  # queries of a group
GROUPS = {"2 to 5": range(2, 6), "9 to 11": range(9, 12), "20 to 24": range(20, 25)}
HEADER = ("papers", "tokens of a query", "search", "p50 ms", "p95 ms", "queries", "RssAnon MB")

Impacts = Mapping[int, float]


@dataclass(eq=False)
class MadeUp:
    """Word pieces with impacts that are handed in by the number that a text is."""

    papers: "Papers"
    pieces: WordPieces = field(default_factory=WordPieces)
    name: str = "benchmark"
    hash: str = "benchmark"
    cheap: bool = True
    idf_weighted: bool = True
    ceiling: float = CEILING

    def documents(self, texts: Sequence[str]) -> Sequence[Impacts]:
        return [self.papers.impacts(int(text)) for text in texts]

    def query(self, text: str) -> Impacts:
        return self.papers.own(int(text)) if text.isdecimal() else self.pieces.query(text)

    def token(self, id: int) -> str:  # noqa: A002
        return self.pieces.token(id)

    def spell(self, text: str) -> Mapping[int, str]:
        return self.pieces.spell(text)


class Papers:
    """Word pieces of real papers with their impacts, heaviest first: 350 MB for half a million."""

    def __init__(self, corpus: Path, most: int) -> None:
        encoder = WordPieces()
        frequency: Counter[int] = Counter()
        self._rows: list[tuple[array[int], array[float]]] = []
        with corpus.open(encoding="utf-8") as lines:
            for line in islice(lines, most):
                record = json.loads(line)
                impacts = encoder.documents([f"{record['title']}\n{record['text']}"])[0]
                frequency.update(impacts)
                self._rows.append((array("H", impacts.keys()), array("f", impacts.values())))
        count = len(self._rows)
        idf = {token: log(1 + (count - df + 0.5) / (df + 0.5)) for token, df in frequency.items()}
        for number, (tokens, weights) in enumerate(self._rows):
            telling = (
                (idf[token] * weight / 3.5, token) for token, weight in zip(tokens, weights, strict=True)
            )
            ordered = sorted(telling, reverse=True)
            self._rows[number] = (
                array("H", [token for _, token in ordered]),
                array("f", [impact for impact, _ in ordered]),
            )

    def own(self, number: int) -> Impacts:
        """Token to impact, heaviest first, before pruning."""
        return dict(zip(*self._rows[number % len(self._rows)], strict=True))

    def impacts(self, number: int) -> Impacts:
        own = dict(islice(self.own(number).items(), OWN))
        another = self.own(number + 1 + 7 * (number // len(self._rows)))
        added = ((token, impact / 2) for token, impact in another.items() if token not in own)
        return own | dict(islice(added, ADDED))


def changes(count: int) -> Iterator[list[Change]]:
    """Papers whose text is their number, from 0 on; the id is one more."""
    for start in range(0, count, BATCH):
        yield [
            Change(each + 1, each + 1, Document(each + 1, "", str(each), year=1980 + each % 45))
            for each in range(start, min(start + BATCH, count))
        ]


def asked(files: Mapping[str, Path], pieces: WordPieces) -> dict[str, list[str]]:
    """Queries by their number of distinct tokens."""
    found: dict[str, list[str]] = {name: [] for name in GROUPS}
    for file in files.values():
        for line in file.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            for name, lengths in GROUPS.items():
                if len(pieces.query(text)) in lengths:
                    found[name].append(text)
    return {name: random.Random(1).sample(texts, min(MOST, len(texts))) for name, texts in found.items()}


def searches(leg: ImpactLeg, texts: Sequence[str], filters: Filters) -> list[float]:
    times = []
    for number, text in enumerate([*texts[:5], *texts]):
        start = time.perf_counter()
        leg.search(Query(text, filters), K)
        if number >= 5:
            times.append(time.perf_counter() - start)
    return times


def largest_error(leg: ImpactLeg, encoder: MadeUp, texts: Sequence[str]) -> float:
    """Of the best 10 of each query, against the dot product with impacts that were never quantised,
    as a share of the score."""
    errors = [0.0]
    for text in texts:
        weights = leg.weights(Query(text))
        for paper, score in leg.search(Query(text), 10):
            impacts = encoder.papers.impacts(paper - 1)
            exact = sum(weight * impacts.get(token, 0.0) for token, weight in weights.items())
            errors.append(abs(score - exact) / score)
    return max(errors)


def measured(
    papers: Papers, name: str, groups: Mapping[str, Sequence[str]], out: Path
) -> tuple[list[list[str]], str]:
    folder = out / f"impacts-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    encoder = MadeUp(papers)
    leg = ImpactLeg(folder, encoder)
    start = time.process_time()
    for batch in changes(SIZES[name]):
        leg.apply(batch, batch[-1].revision)
        leg.close()
    seconds = time.process_time() - start
    leg = ImpactLeg(folder, encoder)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = []
    for group, texts in groups.items():
        for kind, filters in (("all", Filters()), ("by year", Filters(year_from=2015, year_to=2021))):
            times = [1000 * each for each in searches(leg, texts, filters)]
            rows.append(
                [
                    name,
                    group,
                    kind,
                    f"{statistics.median(times):.1f}",
                    f"{percentile(times, 0.95):.1f}",
                    str(len(times)),
                    f"{anonymous_mb():.0f}",
                ]
            )
    error = largest_error(leg, encoder, groups["9 to 11"][:10])
    segments = len(list(folder.glob("*.idx")))
    facts = (
        f"{name}: {size(folder) / SIZES[name]:.0f} bytes a paper in {segments} segments, "
        f"indexed at {SIZES[name] / seconds:,.0f} papers a processor second, the making of impacts included; "
        f"quantisation moved the scores of the best 10 by {100 * error:.1f} % at most.\n"
    )
    shutil.rmtree(folder)
    return rows, facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sizes", default="139k,1m")
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    arguments = parser.parse_args()
    sizes = arguments.sizes.split(",")
    corpus = prepare(arguments.data, arguments.out)["480k"]
    groups = asked(queries(arguments.data, arguments.out), WordPieces())
    papers = Papers(corpus, max(SIZES[name] for name in sizes))
    rows: list[list[str]] = []
    facts = ""
    for name in sizes:
        more, fact = measured(papers, name, groups, arguments.out)
        rows, facts = rows + more, facts + fact + "\n"
        sys.stderr.write(f"{table(HEADER, rows)}\n{facts}\n")
    write(
        Path(__file__).parent / "results" / "impacts.md",
        "Searching impacts",
        [
            (f"The best {K} of 100 impacts a paper, on one core", table(HEADER, rows)),
            ("Index", facts),
            ("Note", NOTE),
        ],
    )


NOTE = (
    "The impacts are made up from real abstracts: the 60 word pieces that tell most of it, and 40 of another "
    "paper as expansions. What a text has beside them is marked without impact, for the frequencies.\n"
)

if __name__ == "__main__":
    main()
