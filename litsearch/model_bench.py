"""What a model costs on this machine, and what it gives: one row for each leg that it serves."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from indexes.corpus import Corpus
from indexes.errors import EncoderError, HintedError
from indexes.hybrid import HybridIndex
from indexes.types import Document, LegName, OnProgress, Query, Source
from litsearch.evaluate import Judged, Ranker, plain, score, search_all
from litsearch.judgements import Judgements, read_corpus, read_judgements, set_file
from litsearch.models import Model

if TYPE_CHECKING:
    from indexes.rerank import Reranker

METRIC = "nDCG@10"
KNOWN_ITEMS = 300  # papers: encoding them takes seconds
TITLES = 100  # of them searched for: a re-ranker reads 5,000 pairs, which takes a minute or two
FEWEST = 20
SHORTEST = 200  # characters of an abstract
ENCODED = 64  # documents timed: as many as an index encodes between two commits
TIMED = 50  # queries
_READ_WHOLE = 5_000  # papers of a source that is read to its end

Part = Literal["bm25", "sparse", "dense", "rerank"]


@dataclass(frozen=True, slots=True)
class Row:
    """``load`` are seconds of a new process up to its first query, ``rate`` documents (of a re-ranker pairs)
    a second, ``query`` milliseconds of a search, ``bytes`` those of the leg a paper; ``alone`` is the metric
    of the leg, ``fused`` that of its fusion with BM25, or of BM25 re-ranked."""

    spec: str
    part: Part
    load: float | None = None
    rate: float | None = None
    query: float | None = None
    bytes: float | None = None
    alone: float | None = None
    fused: float | None = None


def known_items(source: Source, *, count: int = KNOWN_ITEMS, seed: int = 0) -> tuple[Corpus, Judgements]:
    """Papers drawn from a library as a judged set: titles are to find their own abstracts among the others.

    Raises HintedError where too few papers have a title and an abstract.
    """
    papers = _drawn(source, count, random.Random(seed))
    if len(papers) < FEWEST:
        raise HintedError(
            f"Only {len(papers)} papers have a title and an abstract; {FEWEST} are needed to measure by.",
            "Add papers, or name a judged set: litsearch models bench --on DIR",
        )
    corpus = Corpus(Document(each.id, str(each.id), each.abstract) for each in papers)
    titles = {str(each.id): each.title for each in papers[:TITLES]}
    return corpus, Judgements(titles, {query: {query: 1} for query in titles})


def judged_set(folder: Path) -> tuple[Corpus, Judgements]:
    """A folder in BEIR layout. Raises EvaluationError."""
    return read_corpus(set_file(folder, "corpus.jsonl")), read_judgements(folder)


class Bench:
    """Measures models on one judged set, with indexes in a folder of its own."""

    def __init__(self, folder: Path, corpus: Corpus, judgements: Judgements, on_progress: OnProgress) -> None:
        self._folder = folder
        self._corpus = corpus
        self._judgements = judgements
        self._on_progress = on_progress
        self._reopened().update(legs=("bm25",), on_progress=on_progress)

    @classmethod
    @contextmanager
    def open(cls, corpus: Corpus, judgements: Judgements, on_progress: OnProgress) -> "Iterator[Bench]":
        with tempfile.TemporaryDirectory(prefix="litsearch-bench-", ignore_cleanup_errors=True) as folder:
            yield cls(Path(folder), corpus, judgements, on_progress)

    def bm25(self) -> Row:
        """What the others are compared with."""
        (alone,) = self._effectiveness(Ranker(("bm25",)))
        return Row("", "bm25", query=self._latency("bm25"), bytes=self._bytes("bm25"), alone=alone)

    def measure(self, model: Model) -> Iterator[Row]:
        """EncoderError where the model can't be loaded."""
        for kind in model.gives:
            yield self._reranker(model.spec) if kind == "cross-encoder" else self._leg(model.spec, kind)

    def _leg(self, spec: str, leg: Literal["sparse", "dense"]) -> Row:
        self._reopened().rebuild((leg,), encoder=spec, on_progress=self._on_progress)
        alone, fused = self._effectiveness(Ranker((leg,)), Ranker(("bm25", leg)))
        texts = [document.text for document in self._sample()]
        return Row(
            spec,
            leg,
            load=_load(leg, str(self._folder)),
            rate=_rate(_encoding(spec, leg), texts),
            query=self._latency(leg),
            bytes=self._bytes(leg),
            alone=alone,
            fused=fused,
        )

    def _reranker(self, spec: str) -> Row:
        from indexes.rerank import load_reranker

        reranker = load_reranker(spec)
        if reranker is None:
            raise EncoderError(f"There is no re-ranker “{spec}”.", "Name a cross-encoder.")
        (fused,) = self._effectiveness(Ranker(("bm25",), reranker=reranker))
        texts = [document.text for document in self._sample()]
        rate = _rate(lambda some: reranker.scores("sparse retrieval", some), texts)
        query = self._latency("bm25", reranker, 5)
        return Row(spec, "rerank", load=_load("rerank", spec), rate=rate, query=query, fused=fused)

    def _effectiveness(self, *rankers: Ranker) -> list[float]:
        judged = Judged(self._reopened(), self._corpus, self._judgements)
        runs = search_all(
            judged, {str(n): each for n, each in enumerate(rankers)}, on_progress=self._on_progress
        )
        return [score(run, self._judgements).means[METRIC] for run in runs.values()]

    def _latency(self, leg: LegName, reranker: "Reranker | None" = None, count: int = TIMED) -> float:
        """The median of a few queries in milliseconds, after one that loads what there is to load."""
        index = self._reopened()
        queries = [Query(plain(text)) for text in list(self._judgements.queries.values())[:count]]
        seconds = []
        for query in (queries[0], *queries):
            start = time.perf_counter()
            index.search(query, legs=(leg,), reranker=reranker)
            seconds.append(time.perf_counter() - start)
        return 1000 * statistics.median(seconds[1:])

    def _bytes(self, leg: LegName) -> float:
        covered = next(each for each in self._reopened().status() if each.leg == leg)
        return covered.bytes / max(covered.documents, 1)

    def _sample(self) -> list[Document]:
        ids = [change.id for change in self._corpus.changes(0, ENCODED)]
        return list(self._corpus.documents(ids).values())

    def _reopened(self) -> HybridIndex:
        """As a new search finds it, with nothing loaded."""
        return HybridIndex.open(self._folder, self._corpus)


def first_query(part: Part, of: str) -> None:
    """Encode one query as a new process does: by a leg of that index folder, or by that re-ranker."""
    if part == "rerank":
        from indexes.rerank import load_reranker

        reranker = load_reranker(of)
        if reranker is not None:
            reranker.scores("sparse retrieval", ["dense retrieval"])
        return
    from indexes.generations import Generations

    Generations(Path(of), Corpus()).serving()[part].search(Query("sparse retrieval"), 1)


def _load(part: Part, of: str) -> float:
    """Seconds of a new process up to its first query, without the start of the interpreter."""
    program = (
        "import sys, time; start = time.perf_counter(); from litsearch.model_bench import first_query; "
        "first_query(*sys.argv[1:]); print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-P", "-c", program, part, of]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = (done.stderr.strip() or "it ended early").splitlines()[-1]
        raise EncoderError(f"The model can't be loaded in a process of its own: {reason}")
    return float(done.stdout.split()[-1])


def _encoding(spec: str, leg: Literal["sparse", "dense"]) -> Callable[[Sequence[str]], object]:
    from indexes.encoders import load_dense, load_sparse

    return load_sparse(spec).documents if leg == "sparse" else load_dense(spec).documents


def _rate(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    encode(texts[:1])
    start = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - start)


def _drawn(source: Source, count: int, draw: random.Random) -> list[Document]:
    """Papers that say enough, in an order drawn at random; of a large source from places all over it."""
    places = [0] if source.count() <= _READ_WHOLE else draw.sample(range(source.revision()), count)
    limit = _READ_WHOLE if len(places) == 1 else 4
    found = {
        change.id: change.document
        for place in places
        for change in source.changes(place, limit)
        if change.document
    }
    papers = [each for each in found.values() if each.title and len(each.abstract) >= SHORTEST]
    return draw.sample(papers, min(count, len(papers)))


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
