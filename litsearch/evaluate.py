"""Judged queries to nDCG and recall, for each leg and for all of them fused."""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from indexes.corpus import Corpus
from indexes.encoders import NO_ENCODER
from indexes.fusion import CONVEX, Fusion
from indexes.hybrid import Feedback, HybridIndex
from indexes.types import LEGS, LegName, OnProgress, Progress, Query
from litsearch.judgements import Judgements, read_corpus, read_judgements, set_file

if TYPE_CHECKING:
    from indexes.rerank import Reranker

METRICS: tuple[str, ...] = ("nDCG@10", "R@5", "R@20", "R@100")
DEPTH = 100
FUSED, RERANKED = "fused", "reranked"

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Scores:
    """One ranker on one judged set: for each metric its mean, and its value for each query id."""

    means: Mapping[str, float]
    queries: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``rankers`` are the legs that were there, ``fused``, and ``reranked`` where there was a re-ranker."""

    name: str
    documents: int
    queries: int
    rankers: Mapping[str, Scores]

    def to_json(self) -> dict[str, dict[str, float]]:
        """``{"bm25": {"nDCG@10": 0.69, ...}, ..., "fused": ...}``, by ranker; absent legs are left out."""
        return {name: dict(scores.means) for name, scores in self.rankers.items()}


@dataclass(frozen=True, slots=True)
class Ranker:
    """One way of searching that is measured."""

    legs: Sequence[LegName]
    fusion: Fusion = CONVEX
    reranker: "Reranker | None" = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged set with its index, every leg of it up to date."""

    index: HybridIndex
    documents: Corpus
    judgements: Judgements

    @property
    def legs(self) -> tuple[LegName, ...]:
        """The legs that are there."""
        return tuple(each.leg for each in self.index.status() if each.present)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Mean difference of b over a with its 95% interval, and the two-sided p of no difference."""

    metric: str
    difference: float
    low: float
    high: float
    p: float
    queries: int


def evaluate(
    folder: Path,
    *,
    corpus: Path | None = None,
    encoder: str = "",
    sparse: str = "",
    fusion: Fusion = CONVEX,
    others: Mapping[str, Fusion] = MappingProxyType({}),
    feedback: Feedback = "none",
    reranker: "Reranker | None" = None,
    cache: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Index the corpus of a folder in BEIR layout, search its judged queries, and score the rankings.

    ``others`` are fusions to be measured beside the one asked for, by the names of their rankers, and a
    re-ranker reads the one asked for again. A judged query that finds nothing counts as zero. The rest, and
    what is raised, is as in `judged_index`.
    """
    with judged_index(
        folder, corpus=corpus, encoder=encoder, sparse=sparse, cache=cache, on_progress=on_progress
    ) as judged:
        rankers: dict[str, Ranker] = {leg: Ranker((leg,)) for leg in LEGS if leg in judged.legs}
        rankers |= {name: Ranker(judged.legs, each) for name, each in {FUSED: fusion, **others}.items()}
        if reranker is not None:
            rankers[RERANKED] = Ranker(judged.legs, fusion, reranker)
        runs = search_all(judged, rankers, feedback, on_progress)
        documents, judgements = judged.documents.count(), judged.judgements
    scores = {name: score(run, judgements) for name, run in runs.items()}
    return Evaluation(folder.name, documents, len(judgements.relevance), scores)


@contextmanager
def judged_index(
    folder: Path,
    *,
    corpus: Path | None = None,
    encoder: str = "",
    sparse: str = "",
    cache: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[Judged]:
    """A folder in BEIR layout, its corpus indexed.

    ``encoder`` is the dense leg's spec, ``sparse`` the sparse leg's: empty for the shipped one, none for no
    such leg. Indexes are kept under ``cache`` for the next evaluation, or thrown away. Raises
    EvaluationError naming file and line of what can't be read.
    """
    judgements = read_judgements(folder)
    path = corpus if corpus is not None else set_file(folder, "corpus.jsonl")
    documents = read_corpus(path)
    with _index_folder(cache, path) as index_folder:
        index = HybridIndex.open(index_folder, documents)
        _build(index, encoder, sparse, on_progress)
        yield Judged(index, documents, judgements)


def score(run: Mapping[str, Sequence[str]], judgements: Judgements) -> Scores:
    """Metrics of one run: for each query id the ids of documents, best first."""
    import ir_measures

    # Ranks for scores: an evaluator would break ties of scores in an order of its own.
    ranked = {query: {key: -float(at) for at, key in enumerate(keys)} for query, keys in run.items()}
    measures = [ir_measures.parse_measure(metric) for metric in METRICS]
    values = {metric: dict.fromkeys(judgements.relevance, 0.0) for metric in METRICS}
    for each in ir_measures.iter_calc(measures, judgements.relevance, ranked):
        values[str(each.measure)][each.query_id] = float(each.value)
    means = {metric: sum(queries.values()) / len(queries) for metric, queries in values.items()}
    return Scores(means, values)


def paired_bootstrap(
    a: Scores, b: Scores, *, metric: str = "nDCG@10", samples: int = 10_000, seed: int = 0
) -> Comparison:
    """Of b over a; see :mod:`indexes.significance`. ValueError where they answered different queries."""
    import numpy

    from indexes.significance import bootstrap

    if a.queries[metric].keys() != b.queries[metric].keys():
        raise ValueError("the two settings answered different queries")
    differences = numpy.array(
        [b.queries[metric][query] - value for query, value in a.queries[metric].items()]
    )
    seen = bootstrap(differences, samples, seed)
    return Comparison(metric, seen.difference, seen.low, seen.high, seen.p, len(differences))


def _build(index: HybridIndex, encoder: str, sparse: str, on_progress: OnProgress | None) -> None:
    index.update(legs=("bm25",), on_progress=on_progress)
    wanted: tuple[tuple[LegName, str], ...] = (("sparse", sparse), ("dense", encoder))
    for leg, spec in wanted:
        if spec and index.encoder(leg) != ("" if spec == NO_ENCODER else spec):
            index.rebuild((leg,), encoder=spec, on_progress=on_progress)
    index.update(on_progress=on_progress)


def search_all(
    judged: Judged,
    rankers: Mapping[str, Ranker],
    feedback: Feedback = "none",
    on_progress: OnProgress | None = None,
) -> dict[str, dict[str, list[str]]]:
    """For each ranker the keys that every query finds, best first."""
    queries = judged.judgements.queries
    runs: dict[str, dict[str, list[str]]] = {name: {} for name in rankers}
    for done, (query_id, text) in enumerate(queries.items(), 1):
        query = Query(plain(text))
        for name, ranker in rankers.items():
            ranking = judged.index.search(
                query,
                k=DEPTH,
                legs=ranker.legs,
                fusion=ranker.fusion,
                feedback=feedback,
                reranker=ranker.reranker,
            )
            found = judged.documents.documents([hit.id for hit in ranking.hits])
            runs[name][query_id] = [found[hit.id].key for hit in ranking.hits]
        if on_progress is not None:
            on_progress(Progress("searching", done, len(queries)))
    return runs


def plain(text: str) -> str:
    """The words of a question, without anything that the query language reads as an operator."""
    return " ".join(word.lower() if word in _OPERATORS else word for word in _WORD.findall(text))


@contextmanager
def _index_folder(cache: Path | None, corpus: Path) -> Iterator[Path]:
    """Where the indexes of a corpus live: under its content's hash, so that a changed file starts anew."""
    if cache is None:
        with tempfile.TemporaryDirectory(prefix="litsearch-eval-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    else:
        with corpus.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield cache / f"{corpus.name.split('.')[0]}-{digest[:16]}"
