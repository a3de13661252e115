"""A paper in words: its text with what was looked for and what was quoted marked, and what is known of it."""

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content
from textual.style import Style

from indexes.types import Hit, Span
from litsearch.agent.events import Quote
from litsearch.cli.screen import line, safe
from litsearch.papers import StoredPaper
from tui.entries import MUTED
from tui.marked import MATCH, QUOTE
from tui.paper_facts import Facts, links

_AUTHORS = 30  # named above the abstract
_LEGS = {"bm25": "words (BM25)", "sparse": "concepts (sparse)", "dense": "meaning (dense)"}


def text(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Content]:
    """Title, who, when and where, and the abstract."""
    paper = facts.stored.paper
    yield _both(paper.title, facts.title_spans, _places(paper.title, "title", quotes)).stylize_before("bold")
    authors = ", ".join(line(author.name) for author in paper.authors[:_AUTHORS])
    if (more := len(paper.authors) - _AUTHORS) > 0:
        authors += f" and {more:,} more, named below"
    published = " · ".join(part for part in (str(paper.year or ""), line(paper.venue)) if part)
    for each in (authors, published):
        if each:
            yield Content(each).stylize(MUTED)
    yield Content("")
    if paper.is_summary:
        yield Content("litsearch's own summary of the paper:").stylize(f"{MUTED} italic")
    places = _places(paper.abstract, "abstract", quotes)
    missing = Content("There is no abstract.").stylize(f"{MUTED} italic")
    yield _both(paper.abstract, facts.abstract_spans, places) if paper.abstract else missing


def quoted_at(facts: Facts, quotes: Sequence[Quote]) -> float | None:
    """How far down the abstract the first quote begins, from 0 to 1; None where there is none in it."""
    abstract = facts.stored.paper.abstract
    places = _places(abstract, "abstract", quotes)
    return min(span.start for span in places) / len(abstract) if places else None


def record(stored: StoredPaper) -> Iterator[Content]:
    """Key, labels, links and where it came from."""
    yield _row("key", Content(line(stored.key)))
    for name, values in (("tags", stored.tags), ("collections", stored.collections)):
        if values:
            yield _row(name, Content(", ".join(map(line, values))))
    for label, url in links(stored):
        content = Content(line(label))
        if url:
            content = content.stylize("underline").stylize(Style.from_meta({"@click": ("open", (url,))}))
        yield _row("link", content)
    if len(stored.paper.authors) > _AUTHORS:
        yield _row("authors", Content(", ".join(line(author.name) for author in stored.paper.authors)))
    if stored.paper.keywords:
        yield _row("keywords", Content(", ".join(map(line, stored.paper.keywords))))
    yield _row("from", Content(", ".join(map(line, stored.sources))))
    yield _row("added", Content(stored.added_at[:10]))


def why(seen: Hit) -> Iterator[Content]:
    """What each leg made of the paper: rank, score, and the terms behind it with their shares."""
    yield Content(f"Rank {seen.rank}, fused score {seen.score:.3g}")
    for leg, hit in seen.legs.items():
        yield Content.assemble((_LEGS[leg], "bold"), f": rank {hit.rank}, score {hit.score:.3g}")
        if hit.terms:
            terms = ", ".join(f"{line(each.term)} {each.weight:.2g}" for each in hit.terms[:8])
            yield Content(f"  {terms}").stylize(MUTED)


def _row(name: str, value: Content) -> Content:
    return Content.assemble((f"{name:<12}", MUTED), value)


def _both(stored: str, matches: Iterable[Span], quotes: Iterable[Span]) -> Content:
    """Stored text, character for character, for spans are places in it."""
    content = Content(_steady(stored))
    for spans, style in ((matches, MATCH), (quotes, QUOTE)):
        for span in spans:
            content = content.stylize(style, span.start, span.end)
    return content


def _steady(stored: str) -> str:
    if safe(stored) == stored:
        return stored
    return "".join(each if safe(each) else " " for each in stored)


def _places(stored: str, field: str, quotes: Sequence[Quote]) -> list[Span]:
    """Where the quotes stand now; those that a changed text no longer has are left out."""
    found = []
    for quote in quotes:
        if quote.field == field and quote.text:
            as_kept = stored[quote.start : quote.end] == quote.text
            start = quote.start if as_kept else stored.find(quote.text)
            if start >= 0:
                found.append(Span(start, start + len(quote.text)))
    return found
