"""Recall by stage of the research loop, without a model, on the judged sets: after the first query, after its
expansion, after feedback from what was judged, and after verification; with what it cost.

python -m bench.agent.recall DATA [--sets litsearch_dev,acm_cr_dev_sentences] [--queries 100] [--sparse SPEC]
    [--dense SPEC] [--out FOLDER] [--results FILE]

The loop's own stages run over the corpus of the set. Judgements there are by program. The processor time of
all stages of a question is its median.
"""

import asyncio
import random
import sqlite3
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bench.runs import Setup, arguments
from bench.tables import table, write
from indexes.types import Document, Filters
from litsearch.agent import retrieve
from litsearch.agent.events import Event, Searched
from litsearch.agent.gathering import Earlier
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.stages import Stages
from litsearch.agent.state import State
from litsearch.config import Settings
from litsearch.evaluate import Judged, Scores, paired_bootstrap, score
from litsearch.judgements import Judgements
from litsearch.library import Library
from litsearch.papers import Author, Paper, StoredPaper

SETS = ("litsearch_dev", "acm_cr_dev_sentences", "acm_cr_dev_paragraphs")
STAGES = ("first query", "expansion", "feedback", "verification")
METRICS = ("nDCG@10", "R@20", "R@100")


class Shelf:
    """A corpus in memory as far as a run needs a library."""

    def __init__(self, judged: Judged) -> None:
        self._documents = judged.documents
        self._citations = sqlite3.connect(":memory:", check_same_thread=False)
        self._citations.execute("CREATE TABLE cited_works (paper, identifier)")
        # none: no question asks for a venue here
        self._citations.execute("CREATE TABLE papers (id, venue, live)")

    def papers(self, ids: Sequence[int]) -> list[StoredPaper]:
        found = self._documents.documents(ids)
        return [_stored(found[each]) for each in ids if each in found]

    def documents(self, ids: Sequence[int]) -> Mapping[int, Document]:
        return self._documents.documents(ids)

    def count(self) -> int:
        return self._documents.count()

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        yield self._citations


def _stored(document: Document) -> StoredPaper:
    authors = tuple(Author(name) for name in document.authors)
    paper = Paper(document.title, document.abstract, authors, document.year, document.venue)
    return StoredPaper(document.id, document.key, paper)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the ranking after each stage, by keys, and what it cost."""

    rankings: Mapping[str, Sequence[str]]
    queries: int
    judged: int
    seconds: float


def ask(judged: Judged, question: str) -> Asked:
    """All stages of one question, with neither model nor ledger."""
    settings = Settings(library=Path())
    inquiry = Inquiry(question, settings, cast(Library, Shelf(judged)), judged.index, Filters(), None)
    state = State()

    async def emit(event: Event) -> None:
        state.apply(event)

    began = time.process_time()
    asyncio.run(Stages(inquiry, state, emit, Earlier({}, {})).read())
    seconds = time.process_time() - began
    planned = [search for search in state.searched if search.round <= settings.rounds]
    stages: Mapping[str, Sequence[Searched]] = {
        "first query": planned[:1],
        "expansion": [search for search in planned if search.round == 1],
        "feedback": planned,
        "verification": state.searched,
    }
    rankings = {}
    for stage, searched in stages.items():
        best = retrieve.pool(searched)[: retrieve.DEPTH]
        documents = judged.documents.documents(best)
        rankings[stage] = [documents[each].key for each in best]
    return Asked(rankings, len(state.searched), len(state.judged), seconds)


def measure(name: str, setup: Setup, most: int) -> list[list[str]]:
    with setup.judged(name) as judged:
        chosen = sorted(judged.judgements.relevance)
        random.Random(0).shuffle(chosen)
        chosen = chosen[:most]
        judgements = Judgements(
            {query: judged.judgements.queries[query] for query in chosen},
            {query: judged.judgements.relevance[query] for query in chosen},
        )
        asked = {query: ask(judged, text) for query, text in judgements.queries.items()}
        legs = " + ".join(judged.legs)
    scores = {
        stage: score({query: each.rankings[stage] for query, each in asked.items()}, judgements)
        for stage in STAGES
    }
    return [_row(f"{name} ({len(chosen)}, {legs})", stage, scores, list(asked.values())) for stage in STAGES]


def _row(name: str, stage: str, scores: Mapping[str, Scores], asked: Sequence[Asked]) -> list[str]:
    first, these = scores[STAGES[0]], scores[stage]
    row = [name, stage, *(f"{these.means[metric]:.3f}" for metric in METRICS)]
    for metric in ("nDCG@10", "R@100"):
        if stage == STAGES[0]:
            row.append("-")
        else:
            difference = paired_bootstrap(first, these, metric=metric)
            row.append(f"{difference.difference:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]")
    if stage != STAGES[-1]:
        return [*row, "", "", ""]
    queries = statistics.mean(each.queries for each in asked)
    read = statistics.mean(each.judged for each in asked)
    overhead = statistics.median(each.seconds for each in asked)
    return [*row, f"{queries:.1f}", f"{read:.0f}", f"{overhead * 1000:,.0f} ms"]


def main() -> None:
    parser = arguments(__doc__, SETS, "recall.md")
    parser.add_argument("--queries", type=int, default=10_000, help="questions of each set, at most")
    options = parser.parse_args()
    setup = Setup(options.data, options.out, options.sparse, options.dense)
    header = ["set", "after", *METRICS, "nDCG@10 against first", "R@100 against first"]
    header += ["searches", "judged", "processor time"]
    found = []
    for name in options.sets.split(","):
        found.append((name, table(header, measure(name, setup, options.queries))))
        write(options.results, "Recall by stage", found)
    print(options.results.read_text())


if __name__ == "__main__":
    main()
