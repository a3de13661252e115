"""Searching for the planned queries, and one pool of candidates from what they found."""

import asyncio
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from indexes.analysis import stems
from indexes.errors import QuerySyntaxError
from indexes.fusion import RRF, fuse
from indexes.types import LegName, Query, Ranking
from litsearch.agent import neighbours
from litsearch.agent.events import Found, Planned, PlannedQuery, Searched
from litsearch.agent.expand import ASKED, CITED, FEEDBACK, NAMES, NEAR, SIMILAR, SUPPOSED
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.pseudo_answers import expansion

Feedback = Literal["none", "rm3"]

DEPTH = 100  # papers kept of each search
RRF_K = 60

# What feedback counts in the pool beside the question and a model's own queries, and how many of the papers
# that the question finds first keep their places. Together these raised R@100 by .018 on LitSearch and .013
# on citation contexts; without the places kept they lost up to .06 nDCG@10 there.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {FEEDBACK: 0.5, NAMES: 0.5, SUPPOSED: 0.5, SIMILAR: 0.5, NEAR: 0.3, CITED: 0.3}
)
HEAD = 5
# A question of more stems than that has in itself what feedback would add: the weights shrink in proportion.
# Whole paragraphs as questions lost .007 R@100 by feedback at full weight, and gain .005 like this.
VERBOSE = 20
LIKE = 10  # relevant papers whose words are taken, at most

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")

_Hits = tuple[str, Sequence[tuple[int, float, tuple[str, ...]]], int, tuple[str, ...]]
"""What was searched, in words; each paper with score and legs; how many match; the legs that took part."""


async def search(
    inquiry: Inquiry, planned: Planned, query: PlannedQuery, known: Collection[int], like: Sequence[int]
) -> Searched:
    """One planned query on all legs.

    A query that the query language can't read, or whose conditions nothing meets, is searched by its
    words alone. ``known`` are the papers that earlier queries found, ``like`` those held relevant.
    """
    return await asyncio.to_thread(_searched, inquiry, planned, query, known, tuple(like))


def pool(searched: Sequence[Searched]) -> list[int]:
    """Every paper found, best first, by weighted reciprocal rank fusion over the queries; ties by id. The
    first papers that the question itself found stay in front."""
    scores: dict[int, list[float]] = {}
    asked = next((search_ for search_ in searched if search_.purpose == ASKED), None)
    trust = min(1.0, VERBOSE / max(1, len(set(stems(asked.query))))) if asked else 1.0
    for search_ in searched:
        weight = WEIGHTS[search_.purpose] * trust if search_.purpose in WEIGHTS else 1.0
        for found in search_.found:
            scores.setdefault(found.id, []).append(weight / (RRF_K + found.rank))
    head = {found.id: at for at, found in enumerate(asked.found[:HEAD])} if asked else {}
    return sorted(scores, key=lambda paper: (head.get(paper, HEAD), -math.fsum(scores[paper]), paper))


def _searched(
    inquiry: Inquiry, planned: Planned, query: PlannedQuery, known: Collection[int], like: tuple[int, ...]
) -> Searched:
    text, hits, total, legs = _find(inquiry, query, like)
    documents = inquiry.library.documents([paper for paper, *_ in hits])
    found = tuple(
        Found(paper, documents[paper].key, documents[paper].title, documents[paper].year, rank, score, by)
        for rank, (paper, score, by) in enumerate(hits, 1)
        if paper in documents
    )
    new = sum(paper.id not in known for paper in found)
    return Searched(planned.round, text, found, total, new, legs, query.purpose)


def _find(inquiry: Inquiry, query: PlannedQuery, like: tuple[int, ...]) -> _Hits:
    """Runs in a thread."""
    if query.purpose == NEAR:
        return _near(inquiry, like)
    if query.purpose == CITED:
        linked = neighbours.citations(inquiry.library, like)
        ids = inquiry.filters.ids
        narrowed = replace(inquiry.filters, ids=frozenset(linked if ids is None else ids & linked))
        text = f"papers that {len(like):,} relevant ones cite or that cite them, by the question"
        return _hits(text, _search(replace(inquiry, filters=narrowed), words(inquiry.about)))
    if query.purpose == SUPPOSED:
        return _supposed(inquiry, query.text)
    return _hits(*_rank(inquiry, query, like))


def _near(inquiry: Inquiry, like: tuple[int, ...]) -> _Hits:
    found = neighbours.near(inquiry.index, like, inquiry.filters)
    hits = [(paper, 1.0 / rank, legs) for rank, (paper, legs) in enumerate(found.items(), 1)]
    legs = tuple(dict.fromkeys(leg for _, _, by in hits for leg in by))
    seeds = min(len(like), neighbours.SEEDS)
    return f"papers near at least two of {seeds} relevant ones", hits[:DEPTH], len(hits), legs


def _supposed(inquiry: Inquiry, answer: str) -> _Hits:
    """Words of a supposed answer beside the question's, and its own meaning where there is a dense leg."""
    question = words(inquiry.about)
    query = Query(question, inquiry.filters, expansion=expansion(question, answer))
    worded = inquiry.index.search(query, k=DEPTH)
    present = [coverage.leg for coverage in worded.coverage if coverage.present]
    if "dense" not in present:
        return _hits(answer, worded)
    matching: list[LegName] = [leg for leg in present if leg != "dense"]
    if matching:
        worded = inquiry.index.search(query, k=DEPTH, legs=matching)
    meant = inquiry.index.search(Query(words(answer), inquiry.filters), k=DEPTH, legs=("dense",))
    both: dict[LegName, Ranking] = {"bm25": worded, "dense": meant}
    runs = {leg: [(hit.id, hit.score) for hit in each.hits] for leg, each in both.items()}
    by = {hit.id: tuple(hit.legs) for hit in meant.hits}
    for hit in worded.hits:
        by[hit.id] = (*hit.legs, *by.get(hit.id, ()))
    hits = [(paper, score, by[paper]) for paper, score in fuse(runs, RRF)[:DEPTH]]
    return answer, hits, worded.total, tuple(present)


def _hits(text: str, ranking: Ranking) -> _Hits:
    legs = tuple(coverage.leg for coverage in ranking.coverage if coverage.present)
    return text, [(hit.id, hit.score, tuple(hit.legs)) for hit in ranking.hits], ranking.total, legs


def _rank(inquiry: Inquiry, query: PlannedQuery, like: tuple[int, ...]) -> tuple[str, Ranking]:
    """What was searched in the end, in words, and what it found."""
    plain = words(query.text)
    if query.text == inquiry.question:
        plain = words(inquiry.about)
        feedback: Feedback = "rm3" if query.purpose == FEEDBACK else "none"
        ranking = _search(inquiry, plain, feedback, like[:LIKE] if query.purpose == SIMILAR else ())
        added = " ".join(term.term for term in ranking.expansion)
        return f"{plain} + {added}" if added else plain, ranking
    if query.purpose == NAMES:
        return plain, _search(inquiry, plain)
    try:
        ranking = _search(inquiry, query.text)
    except QuerySyntaxError:
        return plain, _search(inquiry, plain)
    if not ranking.hits and plain != query.text:
        return plain, _search(inquiry, plain)
    return query.text, ranking


def _search(inquiry: Inquiry, text: str, feedback: Feedback = "none", like: tuple[int, ...] = ()) -> Ranking:
    query = Query(text, inquiry.filters, like)
    return inquiry.index.search(query, k=DEPTH, feedback=feedback, reranker=inquiry.reranker)


def words(text: str) -> str:
    """The words of a text without anything that the query language reads as an operator."""
    return " ".join(word.lower() if word in ("AND", "OR", "NOT") else word for word in _WORD.findall(text))
