"""Screening for systematic reviews, simulated from the reviewers' own decisions: how much work the order
saves, and what recall the stopping rule reaches.

python -m bench.agent.screening DATA [--sparse SPEC] [--dense SPEC] [--cache FOLDER] [--results FILE]

DATA/dev/screening_dev has the reviews. The topic's words rank the records first; after each batch the records
that the reviewers included (those judged so far) drive the ranking of the rest, as a research run does.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.reviews import Reading, reviews
from bench.tables import revise, table
from indexes.fusion import Fusion, fuse
from indexes.hybrid import HybridIndex
from indexes.types import Filters, LegName, Query
from litsearch.agent import stopping
from litsearch.evaluate import plain

SECTION = "The stopping rule of a research run, which searches with what was included"
TARGET = 0.95
LIKE = 10  # included records that drive the ranking
WEIGHT = 2.0  # of their ranking beside that of the topic's words
BATCHES = 50  # of a review, after each of which the rest is ranked anew
STEP = 10  # records screened between two tests


@dataclass(frozen=True, slots=True)
class Screened:
    """One review: the labels in the order they were read, and where the rule stopped, if it did."""

    name: str
    labels: Sequence[bool]
    stopped: int | None

    @property
    def included(self) -> int:
        return sum(self.labels)

    @property
    def saved(self) -> float:
        return Reading(self.labels, len(self.labels), self.included).saved

    @property
    def recall(self) -> float:
        """Where the rule stopped."""
        return sum(self.labels[: self.stopped]) / self.included

    @property
    def read(self) -> float:
        return (self.stopped or len(self.labels)) / len(self.labels)


def screen(index: HybridIndex, name: str, topic: str, grades: Mapping[int, bool]) -> Screened:
    """Read all records of a review, best first, with feedback from those included."""
    own = Filters(ids=frozenset(grades))
    asked = _ranked(index, Query(plain(topic), own), len(grades))
    asked += [paper for paper in grades if paper not in set(asked)]  # what no word of the topic finds
    order: list[int] = []
    size = max(STEP, len(grades) // BATCHES)
    while len(order) < len(grades):
        liked = [paper for paper in order if grades[paper]][-LIKE:]
        ranking = _fed(index, plain(topic), own, asked, liked) if liked else asked
        read = set(order)
        order += [paper for paper in ranking if paper not in read][:size]
    labels = [grades[paper] for paper in order]
    return Screened(name, labels, stop(labels))


def stop(labels: Sequence[bool]) -> int | None:
    """After how many records the rule stops; None where it never does."""
    for at in range(STEP, len(labels), STEP):
        if stopping.enough(labels[:at], len(labels), (), target=TARGET):
            return at
    return None


def _fed(
    index: HybridIndex, topic: str, own: Filters, asked: Sequence[int], liked: Sequence[int]
) -> list[int]:
    near = _ranked(index, Query(topic, own, like=tuple(liked)), len(asked))
    runs: dict[LegName, list[tuple[int, float]]] = {
        "bm25": [(paper, -float(at)) for at, paper in enumerate(asked)],
        "dense": [(paper, -float(at)) for at, paper in enumerate(near)],
    }
    return [paper for paper, _ in fuse(runs, Fusion("rrf", {"dense": WEIGHT}))]


def _ranked(index: HybridIndex, query: Query, most: int) -> list[int]:
    return [hit.id for hit in index.search(query, k=most).hits]


def rows(screened: Sequence[Screened]) -> list[list[str]]:
    found = [
        [
            each.name,
            f"{len(each.labels):,}",
            str(each.included),
            f"{each.saved:.3f}",
            f"{each.read:.0%}" if each.stopped else "never",
            f"{each.recall:.3f}",
        ]
        for each in screened
    ]
    count = len(screened)
    mean = [
        sum(values) / count for values in zip(*((s.saved, s.read, s.recall) for s in screened), strict=True)
    ]
    return [*found, ["mean", "", "", f"{mean[0]:.3f}", f"{mean[1]:.0%}", f"{mean[2]:.3f}"]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sparse", default="")
    parser.add_argument("--dense", default="")
    parser.add_argument("--cache", type=Path, default=Path("bench/out/screening"))
    parser.add_argument("--results", type=Path, default=Path("bench/results/screening.md"))
    options = parser.parse_args()
    corpus, found = reviews(options.data)
    index = HybridIndex.open(options.cache, corpus)
    index.update(legs=("bm25",))
    wanted: tuple[tuple[LegName, str], ...] = (("sparse", options.sparse), ("dense", options.dense))
    for leg, spec in wanted:
        if spec and index.encoder(leg) != spec:
            index.rebuild((leg,), encoder=spec)
    index.update()
    screened = [screen(index, review.name, review.topic, review.relevant()) for review in found]
    header = ["review", "records", "included", "WSS@95", "read when stopped", "recall when stopped"]
    revise(options.results, "Screening", [(SECTION, table(header, rows(screened)))])
    print(options.results.read_text())


if __name__ == "__main__":
    main()
