"""What each leg finds for each judged query, kept, so that fusions are compared without searching again."""

import argparse
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import numpy
from numpy import float64, int64
from numpy.typing import NDArray

from bench.effectiveness import LARGE
from indexes.encoders import NO_ENCODER, SHIPPED, load_dense, load_sparse
from indexes.fusion import DIGITS
from indexes.searching import DEPTH
from indexes.types import LEGS, Filters, LegName, Query, Scored
from litsearch.evaluate import Judged, Scores, judged_index, plain

Key = TypeVar("Key", bound=str)
Run = Sequence[Scored]
Answers = Mapping[LegName, Run]  # of each leg to one query
METRICS = ("nDCG@10", "R@20", "R@100")
DEEPEST = 100


def arguments(purpose: str | None, sets: Iterable[str], results: str) -> argparse.ArgumentParser:
    """What every benchmark over judged sets with three legs is told."""
    parser = argparse.ArgumentParser(
        description=purpose, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default=",".join(sets))
    parser.add_argument("--sparse", default="")
    parser.add_argument("--dense", default="")
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    parser.add_argument("--results", type=Path, default=Path("bench/results") / results)
    return parser


@dataclass(frozen=True)
class Setup:
    """Where the judged sets are, which encoders the legs have, and where indexes and runs are kept."""

    data: Path
    out: Path
    sparse: str
    dense: str

    @cached_property
    def _encoders(self) -> str:
        """What tells runs with these encoders from others, a model trained anew included."""
        sparse, dense = self.sparse or SHIPPED, self.dense or SHIPPED
        hashes = load_sparse(sparse).hash if sparse != NO_ENCODER else ""
        hashes += load_dense(dense).hash if dense != NO_ENCODER else ""
        return hashlib.sha256(hashes.encode()).hexdigest()[:8]

    @contextmanager
    def judged(self, name: str) -> Iterator[Judged]:
        corpus = self.data / "papers" / f"{LARGE[name]}.jsonl.xz" if name in LARGE else None
        with judged_index(
            self.data / "dev" / name,
            corpus=corpus,
            encoder=self.dense,
            sparse=self.sparse,
            cache=self.out / "evaluation" / LARGE.get(name, name),
        ) as judged:
            yield judged

    def kept(self, what: str, name: str, make: Callable[[], object]) -> Any:
        """A JSON value that is made once for these encoders."""
        path = self.out / "runs" / f"{name}-{what}-{self._encoders}.json"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(make()), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Runs:
    """One judged set. By query id: each leg's best `DEPTH`, each leg's scores of all that any of them
    found, and the grades by document id; a judged paper that the corpus lacks has a negative id."""

    name: str
    found: Mapping[str, Answers]
    exact: Mapping[str, Answers]
    grades: Mapping[str, Mapping[int, int]]

    @property
    def metric(self) -> str:
        return main_metric(self.name)

    @property
    def legs(self) -> tuple[LegName, ...]:
        return tuple(leg for leg in LEGS if any(leg in answers for answers in self.found.values()))


def main_metric(name: str) -> str:
    """What a set is compared by: its judgements are sparse where citations are judged."""
    return "R@20" if name in LARGE else "nDCG@10"


def read(name: str, setup: Setup) -> Runs:
    """The runs of a set, searched for where they are not kept yet."""

    def make() -> object:
        with setup.judged(name) as judged:
            return _searched(judged)

    kept = setup.kept("legs", name, make)
    grades = {
        query: {int(key): grade for key, grade in each.items()} for query, each in kept["grades"].items()
    }
    return Runs(name, answers_of(kept["found"]), answers_of(kept["exact"]), grades)


def answer(judged: Judged, leg: LegName, query: Query, depth: int = DEPTH) -> list[Scored]:
    """One leg's best, with the leg's own scores."""
    hits = judged.index.search(query, k=depth, legs=(leg,)).hits
    return [(hit.id, hit.legs[leg].score) for hit in hits]


def _searched(judged: Judged) -> object:
    """Every query on every leg, and once more among the papers that any of them found."""
    found, exact = {}, {}
    for query, text in judged.judgements.queries.items():
        asked = plain(text)
        answers = {leg: answer(judged, leg, Query(asked)) for leg in judged.legs}
        union = frozenset(each for run in answers.values() for each, _ in run)
        again = Query(asked, Filters(ids=union))
        found[query] = answers
        exact[query] = {leg: answer(judged, leg, again, len(union)) for leg in answers} if union else {}
    return {"found": found, "exact": exact, "grades": _grades(judged)}


def _grades(judged: Judged) -> dict[str, dict[int, int]]:
    everything = judged.documents.documents(range(1, judged.documents.count() + 1))
    ids = {document.key: each for each, document in everything.items()}
    absent = count(-1, -1)
    return {
        query: {ids.get(key) or next(absent): grade for key, grade in each.items()}
        for query, each in judged.judgements.relevance.items()
    }


def answers_of(kept: Mapping[str, Mapping[Key, Sequence[Sequence[float]]]]) -> dict[str, dict[Key, Run]]:
    """Runs by query and leg, or another key, as they were before they were written as JSON."""
    return {
        query: {key: [(int(each), score) for each, score in run] for key, run in answers.items()}
        for query, answers in kept.items()
    }


def measured(grades: Mapping[int, int], ids: NDArray[int64], scores: NDArray[float64]) -> NDArray[float64]:
    """Metrics of rankings of the same papers: ``scores`` has shape (papers, rankings), the result
    (metrics, rankings). As ir-measures has them, papers of equal score by id."""
    order = numpy.argsort(ids)
    ids, losses = ids[order], -scores[order].round(DIGITS)
    if len(ids) > DEEPEST:
        best = numpy.sort(numpy.argpartition(losses, DEEPEST, axis=0)[:DEEPEST], axis=0)
    else:
        best = numpy.tile(numpy.arange(len(ids))[:, None], losses.shape[1])
    ranks = numpy.argsort(numpy.take_along_axis(losses, best, axis=0), axis=0, kind="stable")
    best = numpy.take_along_axis(best, ranks, axis=0)
    grade = numpy.array([grades.get(each, 0) for each in ids.tolist()], dtype=float)
    gains = grade[best]
    discounts = 1 / numpy.log2(numpy.arange(2, 12))
    ideal = numpy.sort([grade for grade in grades.values() if grade > 0])[::-1][:10]
    relevant = sum(grade > 0 for grade in grades.values())
    if not relevant:
        return numpy.zeros((len(METRICS), scores.shape[1]))
    top = gains[:10]
    ndcg = (top * discounts[: len(top), None]).sum(axis=0) / (ideal * discounts[: len(ideal)]).sum()
    recall = [(gains[:depth] > 0).sum(axis=0) / relevant for depth in (20, DEEPEST)]
    return numpy.stack([ndcg, *recall])


def as_scores(queries: Sequence[str], values: NDArray[float64]) -> Scores:
    """One ranker's values, of shape (metrics, queries), as evaluation has them."""
    by_query = {
        metric: dict(zip(queries, row.tolist(), strict=True))
        for metric, row in zip(METRICS, values, strict=True)
    }
    return Scores({metric: float(row.mean()) for metric, row in zip(METRICS, values, strict=True)}, by_query)
