"""All that is known of one paper, as the paper view shows it. Blocking: for thread workers."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from indexes.types import Document, Filters, Hit, Query, Span
from litsearch.agent.neighbours import cited, citing
from litsearch.errors import LibraryError
from litsearch.exporters.citation import author_line, safe_url, web_link
from litsearch.notes import note
from litsearch.papers import StoredPaper
from tui.desk import Desk

_SIMILAR = 12
_LINKED = 50  # citing or cited papers shown


@dataclass(frozen=True, slots=True)
class Facts:
    """What the library itself has."""

    stored: StoredPaper
    note: str
    title_spans: tuple[Span, ...] = ()  # where the query's words are
    abstract_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """What takes a search: how each leg saw the paper, and the papers around it."""

    seen: Hit | None = None
    similar: tuple[Document, ...] = ()
    cites: tuple[Document, ...] = ()
    cited_by: tuple[Document, ...] = ()


def facts(desk: Desk, paper: int, query: Query | None) -> Facts:
    """Raises LibraryError where the paper is gone."""
    found = desk.library.papers([paper])
    if not found:
        raise LibraryError("The paper is not in the library any more.", "Search again.")
    [stored] = found
    spans: list[tuple[Span, ...]] = [(), ()]
    if query is not None and query.text.strip():
        spans = [
            tuple(desk.index.highlight(text, query)) for text in (stored.paper.title, stored.paper.abstract)
        ]
    return Facts(stored, note(desk.library, paper), *spans)


def related(desk: Desk, paper: int, query: Query | None, hit: Hit | None) -> Related:
    similar = desk.index.similar(paper, k=_SIMILAR)
    return Related(
        seen=_seen(desk, paper, query, hit),
        similar=_documents(desk, [each.id for each in similar.hits]),
        cites=_documents(desk, sorted(cited(desk.library, [paper]))[:_LINKED]),
        cited_by=_documents(desk, sorted(citing(desk.library, [paper]))[:_LINKED]),
    )


def _seen(desk: Desk, paper: int, query: Query | None, hit: Hit | None) -> Hit | None:
    """How each leg saw the paper among all, with the terms behind its scores, which a search for it alone
    gives at once."""
    if query is None or not query.text.strip():
        return None
    alone = replace(query, filters=Filters(ids=frozenset((paper,))))
    explained = desk.index.search(alone, k=1, explain=True).hits
    if not explained:
        return hit
    if hit is None:
        return None
    legs = {
        leg: replace(seen, terms=explained[0].legs[leg].terms) if leg in explained[0].legs else seen
        for leg, seen in hit.legs.items()
    }
    return replace(hit, legs=legs)


def _documents(desk: Desk, ids: Collection[int]) -> tuple[Document, ...]:
    known = desk.library.documents(ids)
    return tuple(known[each] for each in ids if each in known)


def links(stored: StoredPaper) -> list[tuple[str, str]]:
    """Every identifier with the http or https link that it has, or '', and then the paper's own link."""
    paper = stored.paper
    found = [(str(each), web_link([str(each)])) for each in paper.identifiers]
    own = safe_url(paper.url)
    if own and own not in {url for _, url in found}:
        found.append((own, own))
    return found


def link(stored: StoredPaper) -> str:
    """The best link to the paper, or ''."""
    return web_link([str(each) for each in stored.paper.identifiers], stored.paper.url)


def citation(stored: StoredPaper) -> str:
    """The paper in a line, as one writes it into a message."""
    paper = stored.paper
    authors = author_line([author.name for author in paper.authors])
    year = f"({paper.year})" if paper.year is not None else ""
    parts = (" ".join(part for part in (authors, year) if part), paper.title, paper.venue, link(stored))
    return ". ".join(part.rstrip(".") for part in parts if part)
