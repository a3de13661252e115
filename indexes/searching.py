"""One search over all legs: what each is asked, and one ranking from what they answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from indexes import analysis
from indexes.damage import reading
from indexes.encoders import PLAIN
from indexes.errors import HintedError
from indexes.expanding import from_best, from_relevant
from indexes.fusion import CONVEX, Fusion, fuse
from indexes.lexical import LexicalLeg
from indexes.querylang import parse, plain_text, restriction
from indexes.querytree import Node
from indexes.types import (
    Coverage,
    Filters,
    Hit,
    Leg,
    LegHit,
    LegName,
    Query,
    Ranking,
    Reading,
    Scored,
    Source,
)

if TYPE_CHECKING:
    from indexes.rerank import Reranker

Feedback = Literal["none", "rocchio", "rm3"]

DEPTH = 200  # hits taken of each leg at least: 100 cost .009 nDCG@10 on CISI, 1,000 gained nothing
# Word pieces that nobody trained see little that BM25 doesn't: with weight 1 beside it RRF lost up to .017
# nDCG@10 against BM25 alone on four collections, with .1 it lost .0005 at most and won .010.
UNLEARNED_WEIGHT = 0.1
FEEDBACK_PAPERS = 5  # 10 gave .015 less nDCG@10 on CISI and .004 less on Cranfield, all legs fused


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the ranking is wanted, and how it is made."""

    k: int = 10
    offset: int = 0
    fusion: Fusion = CONVEX
    feedback: Feedback = "none"
    explain: bool = False
    without: frozenset[int] = frozenset()  # papers not to be shown
    reranker: "Reranker | None" = None


@dataclass(frozen=True, slots=True)
class Legs:
    """The legs that take part and how far each has come; ``lexical`` also where it only filters."""

    taking_part: Mapping[LegName, Leg]
    coverage: tuple[Coverage, ...]
    lexical: LexicalLeg | None
    source: Source


@dataclass(frozen=True, slots=True)
class _Asked:
    """What each leg is asked, and what papers must meet that a leg but BM25 can't tell by itself."""

    queries: Mapping[LegName, Query]
    restriction: Node | None


def rank(legs: Legs, query: Query, page: Page) -> Ranking:
    """A page of the fused ranking of papers that are still there. QuerySyntaxError for what can't be read."""
    revision = legs.source.revision()
    node = parse(query.text)
    page = replace(page, fusion=_weighted(legs, page.fusion))
    asked = _asked(legs, query, node)
    runs, fused = _fused(legs, asked, page)
    again = _expanded(legs, query, node, asked, fused[:FEEDBACK_PAPERS], page.feedback)
    if again is not None:
        as_before = {leg: run for leg, run in runs.items() if again.queries[leg] == asked.queries[leg]}
        asked = again
        runs, fused = _fused(legs, asked, page, as_before)
    fused, readings = _reranked(legs, plain_text(node), fused, page.reranker)
    wanted = fused[page.offset : page.offset + page.k]
    seen = _as_seen(legs, asked, runs, [document for document, _ in wanted], page.explain)
    hits = tuple(
        Hit(document, number, score, seen[document], readings.get(document))
        for number, (document, score) in enumerate(wanted, page.offset + 1)
    )
    return Ranking(hits, _total(legs, asked, fused), legs.coverage, revision, asked.queries["bm25"].expansion)


def _expanded(
    legs: Legs, query: Query, node: Node, asked: _Asked, best: Sequence[Scored], feedback: Feedback
) -> _Asked | None:
    """The queries again, expanded from the papers that all legs found first; None where nothing is added.

    From a leg's own first papers the sparse leg gained .003 to .012 less. The dense query stays as it was:
    pulled towards the best papers it lost up to .012 nDCG@10 on three collections of four.
    """
    text = plain_text(node)
    if feedback == "none" or not best or not text.strip():
        return None
    if feedback == "rocchio":
        if "sparse" not in legs.taking_part:
            return None
        sparse = asked.queries["sparse"]
        like = (*sparse.like, *(document for document, _ in best))
        return replace(asked, queries={**asked.queries, "sparse": replace(sparse, like=like)})
    if legs.lexical is None:
        return None
    with reading("bm25"):
        added = from_best(legs.lexical, legs.source, text, best)
    return _asked(legs, replace(query, expansion=(*query.expansion, *added)), node) if added else None


def _weighted(legs: Legs, fusion: Fusion) -> Fusion:
    """The fusion asked for, where nothing was said of the sparse leg and nothing learned weighs it."""
    unlearned = any(each.leg == "sparse" and each.encoder == PLAIN for each in legs.coverage)
    if not unlearned or "sparse" in fusion.weights:
        return fusion
    return replace(fusion, weights={**fusion.weights, "sparse": UNLEARNED_WEIGHT})


def _asked(legs: Legs, query: Query, node: Node) -> _Asked:
    encoded = Query(plain_text(node), query.filters, query.like, query.expansion)
    with reading("bm25"):
        known = legs.lexical if query.like else None
        liked = from_relevant(known, legs.source, query.like) if known is not None else ()
        spelt = replace(encoded, text=_as_spelt(legs.lexical, encoded.text))
    lexical = replace(query, like=(), expansion=(*query.expansion, *liked))
    dense = replace(encoded, expansion=())
    return _Asked({"bm25": lexical, "sparse": spelt, "dense": dense}, restriction(node))


def _as_spelt(lexical: LexicalLeg | None, text: str) -> str:
    """The text without words that no paper has: their pieces would find papers with other words."""
    words = analysis.words(text, query=True)
    if lexical is None or not lexical.coverage().documents:
        return text
    known = [word for word in words if analysis.is_stop_word(word) or lexical.document_frequency(word)]
    return text if len(known) == len(words) else " ".join(known)


def _fused(
    legs: Legs, asked: _Asked, page: Page, known: Mapping[LegName, Sequence[Scored]] = MappingProxyType({})
) -> tuple[dict[LegName, Sequence[Scored]], list[Scored]]:
    """Each leg's run and the fused one, without papers that are gone; deeper where too many of them are.

    A leg whose run is known is not searched, unless it must go deeper.
    """
    wanted = page.offset + page.k
    depth = max(DEPTH, wanted)
    while True:
        runs: dict[LegName, Sequence[Scored]] = {}
        for name, leg in legs.taking_part.items():
            if page.fusion.weight(name) > 0:
                with reading(name):
                    runs[name] = known[name] if name in known else _run(legs, leg, asked, depth)
        found = {document for run in runs.values() for document, _ in run}
        # A leg that has applied every change knows no paper that is gone.
        late = any(each.behind for each in legs.coverage)
        gone = ((found - legs.source.live(found)) if late else set()) | page.without
        exhausted = all(len(run) < depth for run in runs.values())
        if found & gone:
            runs = {name: [hit for hit in run if hit[0] not in gone] for name, run in runs.items()}
        beyond = _beyond(legs, asked, runs, page.fusion, depth)
        fused = fuse(runs, page.fusion, _covered(legs, runs), beyond=beyond, depth=depth)
        if len(fused) >= wanted or exhausted or not found & gone:
            return runs, fused
        depth *= 4
        known = {}


def _reranked(
    legs: Legs, text: str, fused: list[Scored], reranker: "Reranker | None"
) -> tuple[list[Scored], Mapping[int, Reading]]:
    """The ranking with its head read again, and how each paper of the head was seen."""
    if reranker is None or not text.strip():
        return fused, {}
    from indexes.rerank import DEPTH as READ
    from indexes.rerank import rerank

    head = [document for document, _ in fused[:READ]]
    texts = {number: document.text for number, document in legs.source.documents(head).items()}
    again = rerank(fused, text, texts, reranker)
    before = {document: number for number, document in enumerate(head, 1)}
    return again.ranking, {each: Reading(before[each], score) for each, score in again.scores.items()}


def _run(legs: Legs, leg: Leg, asked: _Asked, depth: int) -> Sequence[Scored]:
    """The leg's best; where the query has marked parts, or the leg can't filter, of papers that meet them.

    These are checked on four times as many hits first, since all papers that meet a loose demand can be
    half the library; only when too few are left is the leg given the ids that there are.
    """
    query = asked.queries[leg.name]
    demand = asked.restriction
    unfiltered = leg.name == "dense" and bool(query.filters)  # vectors have no metadata
    if leg.name == "bm25" or legs.lexical is None or (demand is None and not unfiltered):
        return leg.search(query, depth)
    run = leg.search(replace(query, filters=Filters()) if unfiltered else query, 4 * depth)
    with reading("bm25"):
        filters = query.filters if unfiltered else Filters()
        met = legs.lexical.matching(filters, demand, [document for document, _ in run])
    kept = [hit for hit in run if hit[0] in met]
    if len(kept) >= depth or len(run) < 4 * depth:
        return kept[:depth]
    with reading("bm25"):
        admitted = frozenset(legs.lexical.matching(query.filters, demand))
    return leg.search(replace(query, filters=Filters(ids=admitted)), depth)


def _beyond(
    legs: Legs, asked: _Asked, runs: Mapping[LegName, Sequence[Scored]], fusion: Fusion, depth: int
) -> dict[LegName, Sequence[Scored]]:
    """The dense leg's scores of papers that only other legs found: a few rows that take no time.

    They raised R@100 by .008 on four collections. The other legs would take as long again as for the
    search, and gave nothing more.
    """
    dense = runs.get("dense", ())
    if fusion.method != "convex" or len(dense) < depth:  # a run that isn't full has all
        return {}
    found = {document for document, _ in dense}
    others = frozenset(document for run in runs.values() for document, _ in run) - found
    query = replace(asked.queries["dense"], filters=Filters(ids=others))
    with reading("dense"):
        return {"dense": legs.taking_part["dense"].search(query, len(others))} if others else {}


def _covered(legs: Legs, runs: Mapping[LegName, Sequence[Scored]]) -> dict[LegName, Collection[int]]:
    """For the legs that are behind, which of the papers found they have indexed."""
    behind = {each.leg for each in legs.coverage if each.behind}
    found = {document for run in runs.values() for document, _ in run}
    return {name: legs.taking_part[name].covers(found) for name in runs if name in behind}


def _as_seen(
    legs: Legs,
    asked: _Asked,
    runs: Mapping[LegName, Sequence[Scored]],
    documents: Sequence[int],
    explain: bool,
) -> dict[int, dict[LegName, LegHit]]:
    """How each leg saw each of the documents."""
    seen: dict[int, dict[LegName, LegHit]] = {document: {} for document in documents}
    for name, run in runs.items():
        hits = {
            document: LegHit(number, score)
            for number, (document, score) in enumerate(run, 1)
            if document in seen
        }
        terms = legs.taking_part[name].explain(asked.queries[name], list(hits)) if explain and hits else {}
        for document, hit in hits.items():
            seen[document][name] = replace(hit, terms=terms.get(document, ())) if explain else hit
    return seen


def _total(legs: Legs, asked: _Asked, fused: Sequence[Scored]) -> int:
    if legs.lexical is not None and "bm25" in legs.taking_part:
        with reading("bm25"):
            return legs.lexical.count(asked.queries["bm25"])
    return len(fused)


def nothing_to_search(legs: Collection[LegName]) -> HintedError:
    names = " and ".join(legs)
    if "dense" in legs:
        return HintedError(
            f"There is no {names} index.",
            "Build it with `litsearch models use SPEC --leg dense`, or search the other legs.",
        )
    return HintedError(f"There is no {names} index.", "Run `litsearch index update`.")
