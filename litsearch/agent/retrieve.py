"""Searching for the planned queries, and one pool of candidates from what they found."""

import asyncio
import math
import re
from collections.abc import Collection, Sequence
from typing import Literal

from indexes.errors import QuerySyntaxError
from indexes.types import Query, Ranking
from litsearch.agent.events import Found, Planned, PlannedQuery, Searched
from litsearch.agent.expand import FEEDBACK, SIMILAR
from litsearch.agent.inquiry import Inquiry

Feedback = Literal["none", "rm3"]

DEPTH = 50  # papers kept of each search
RRF_K = 60

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


async def search(
    inquiry: Inquiry, planned: Planned, query: PlannedQuery, known: Collection[int], like: Sequence[int]
) -> Searched:
    """One planned query on all legs.

    A query that the query language can't read, or whose conditions nothing meets, is searched by its
    words alone. ``known`` are the papers that earlier queries found, ``like`` those held relevant.
    """
    text, ranking = await asyncio.to_thread(_rank, inquiry, query, tuple(like))
    stored = {paper.id: paper for paper in await inquiry.papers(hit.id for hit in ranking.hits)}
    found = tuple(
        Found(
            hit.id,
            stored[hit.id].key,
            stored[hit.id].paper.title,
            stored[hit.id].paper.year,
            hit.rank,
            hit.score,
        )
        for hit in ranking.hits
        if hit.id in stored
    )
    return Searched(
        round=planned.round,
        query=text,
        found=found,
        total=ranking.total,
        new=sum(paper.id not in known for paper in found),
        legs=tuple(coverage.leg for coverage in ranking.coverage if coverage.present),
    )


def pool(searched: Sequence[Searched]) -> list[int]:
    """Every paper found, best first, by reciprocal rank fusion over the queries; ties by id."""
    scores: dict[int, list[float]] = {}
    for search_ in searched:
        for found in search_.found:
            scores.setdefault(found.id, []).append(1.0 / (RRF_K + found.rank))
    return sorted(scores, key=lambda paper: (-math.fsum(scores[paper]), paper))


def _rank(inquiry: Inquiry, query: PlannedQuery, like: tuple[int, ...]) -> tuple[str, Ranking]:
    """What was searched in the end, in words, and what it found. Runs in a thread."""
    plain = words(query.text)
    if query.text == inquiry.question:
        feedback: Feedback = "rm3" if query.purpose == FEEDBACK else "none"
        ranking = _search(inquiry, plain, feedback, like if query.purpose == SIMILAR else ())
        added = " ".join(term.term for term in ranking.expansion)
        return f"{plain} + {added}" if added else plain, ranking
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
