"""The stages search and de-duplicate: the candidates of a review, and where they come from."""

import asyncio
import json
from collections.abc import Sequence

from indexes.hybrid import HybridIndex
from indexes.types import Filters, Query
from litsearch.errors import RunError
from litsearch.evaluate import plain
from litsearch.library import Library
from litsearch.matching import same_work, title_key, years_agree
from litsearch.papers import StoredPaper
from litsearch.review.events import Deduplicated, Duplicate, Identified, Source
from litsearch.review.protocol import Protocol, Scope, Search
from litsearch.review.scope import filters, meets, narrowed
from litsearch.review.work import Work
from litsearch.screening.screenings import candidates, find

_RRF_K = 60
_DEEPEST = 100_000  # papers of one query, whatever the protocol says

Planned = tuple[str, Scope]
"""A query in the query language, and what it is narrowed to."""


def searched_screening(protocol: Protocol) -> str:
    """The screening of the app whose own candidates those of the review are; "" where the review searches."""
    screening = protocol.screening
    if screening is None or screening.by == "model" or protocol.search is not None:
        return ""
    return screening.name


def queries(protocol: Protocol) -> list[Planned]:
    """What is searched for, where the review searches. The empty query stands for everything."""
    search = protocol.search or Search()
    if search.everything:
        return [("", protocol.filters)]
    if search.queries:
        return [(query, protocol.filters) for query in search.queries]
    return [
        (plain(question.question), narrowed(protocol.filters, question.filters))
        for question in protocol.questions
    ]


async def search(work: Work) -> tuple[int, ...]:
    """The candidates, best first: those of an earlier attempt, or of a search now.

    Raises QuerySyntaxError, LibraryError, and RunError where a seed is not in the library.
    """
    if work.state.deduplicated is None:
        seeds = await asyncio.to_thread(seed_ids, work.library, work.protocol)
        if searched_screening(work.protocol):
            await work.begin("search", 1)
            await work.emit(await asyncio.to_thread(of_screening, work.library, work.index, work.protocol))
        else:
            planned = queries(work.protocol)
            await work.begin("search", len(planned))
            for query, scope in planned:
                await work.emit(await asyncio.to_thread(_identified, work, query, scope))
        pool = fused([found.papers for found in work.state.identified], seeds)
        await work.begin("de-duplicate", len(pool))
        await work.emit(await asyncio.to_thread(deduplicated, work.library, pool))
    found = work.state.deduplicated
    return found.papers if found else ()


def seed_ids(library: Library, protocol: Protocol) -> list[int]:
    """The papers named as relevant. Raises RunError for those that are not in the library."""
    found = {name: library.paper(name) for name in protocol.seeds}
    missing = [name for name, stored in found.items() if stored is None]
    if missing:
        raise RunError(
            f"{len(missing)} of the seeds are not in the library: {', '.join(missing[:5])}",
            "Add them, or name them as litsearch search shows them",
        )
    return list(dict.fromkeys(stored.id for stored in found.values() if stored))


def fused(rankings: Sequence[Sequence[int]], first: Sequence[int]) -> tuple[int, ...]:
    """All papers of the rankings, best first by reciprocal rank fusion; ties by id."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, paper in enumerate(ranking, 1):
            scores[paper] = scores.get(paper, 0.0) + 1 / (_RRF_K + rank)
    ordered = sorted(scores, key=lambda paper: (-scores[paper], paper))
    return tuple(dict.fromkeys([*first, *ordered]))


def deduplicated(library: Library, pool: Sequence[int]) -> Deduplicated:
    """The candidates without those that are the same work as another one, the earliest of which stays.

    What the library holds apart for its identifiers, such as a preprint and the article, is one work here
    where title, first author and year are the same, unless the user has parted them.
    """
    papers = {stored.id: stored for stored in library.papers(pool)}
    duplicates = _duplicates(library, sorted(papers.values(), key=lambda stored: stored.id))
    left_out = {each.paper for each in duplicates}
    with library.snapshot() as reader:
        rows = reader.execute(
            "SELECT name, count(*) FROM records r JOIN sources s ON s.id = r.source"
            " WHERE r.superseded_by IS NULL AND r.paper IN (SELECT value FROM json_each(?))"
            " GROUP BY name ORDER BY name",
            (json.dumps(list(papers)),),
        ).fetchall()
    return Deduplicated(
        papers=tuple(paper for paper in pool if paper in papers and paper not in left_out),
        sources=tuple(Source(name, records) for name, records in rows),
        merged=max(0, sum(records for _, records in rows) - len(papers)),
        duplicates=tuple(duplicates),
    )


def _duplicates(library: Library, papers: Sequence[StoredPaper]) -> list[Duplicate]:
    with library.snapshot() as reader:
        apart = {frozenset(pair) for pair in reader.execute("SELECT one, other FROM apart")}
    kept: dict[int, list[StoredPaper]] = {}
    found = []
    for stored in papers:
        key = title_key(stored.paper)
        if key is None:
            continue
        alike = kept.setdefault(key, [])
        same = next((other for other in alike if _same(stored, other, apart)), None)
        if same is None:
            alike.append(stored)
        else:
            found.append(Duplicate(stored.id, same.id))
    return found


def _same(one: StoredPaper, other: StoredPaper, apart: set[frozenset[int]]) -> bool:
    return (
        frozenset((one.id, other.id)) not in apart
        and years_agree(one.paper.year, other.paper.year)
        and same_work(one.paper, other.paper) is not False
    )


def _identified(work: Work, query: str, scope: Scope) -> Identified:
    narrow = filters(work.library, scope)
    if not query:
        found = tuple(everything(work.library, narrow))
        return Identified("", found, len(found))
    most = min((work.protocol.search or Search()).most, _DEEPEST)
    ranking = work.index.search(Query(query, narrow), k=most)
    return Identified(query, tuple(hit.id for hit in ranking.hits), max(ranking.total, len(ranking.hits)))


def of_screening(library: Library, index: HybridIndex, protocol: Protocol) -> Identified:
    """The candidates of the screening that the protocol names, as far as they meet its filters."""
    screening = find(library, searched_screening(protocol))
    every = candidates(library, index, screening)
    found = tuple(_meeting(library, every, filters(library, protocol.filters)))
    return Identified(screening.candidates, found, len(found))


def everything(library: Library, narrow: Filters) -> list[int]:
    """Every paper that meets the filters, oldest first."""
    with library.snapshot() as reader:
        live = [paper for (paper,) in reader.execute("SELECT id FROM papers WHERE live ORDER BY id")]
    return _meeting(library, live, narrow)


def _meeting(library: Library, papers: Sequence[int], narrow: Filters) -> list[int]:
    if not narrow:
        return list(papers)
    found: list[int] = []
    for start in range(0, len(papers), 1000):
        documents = library.documents(papers[start : start + 1000])
        found += [paper for paper in sorted(documents) if meets(documents[paper], narrow)]
    return found
