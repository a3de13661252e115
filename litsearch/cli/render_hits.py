"""Hits on the screen and as JSON. Lines are made without rich, so that a piped search starts quickly."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict

from indexes.types import Hit, LegHit, Span
from litsearch.cli.screen import line, on_terminal, safe, write
from litsearch.exporters.citation import author_line, web_link
from litsearch.papers import StoredPaper

Piece = tuple[str, str]  # text, and the rich style of it
Highlight = Callable[[str], Sequence[Span]]

_MATCH = "bold yellow"
_SNIPPET = 240  # characters


def hit_json(hit: Hit, stored: StoredPaper) -> str:
    """A hit as one line of JSON."""
    paper = stored.paper
    return safe(
        json.dumps(
            {
                "key": stored.key,
                "rank": hit.rank,
                "score": hit.score,
                "title": paper.title,
                "authors": [author.name for author in paper.authors],
                "year": paper.year,
                "venue": paper.venue,
                "ids": [str(identifier) for identifier in paper.identifiers],
                "legs": {leg: _leg_json(seen) for leg, seen in hit.legs.items()},
                **({"reranked": asdict(hit.reranked)} if hit.reranked else {}),
            },
            ensure_ascii=False,
        )
    )


def show_hits(
    hits: Sequence[tuple[Hit, StoredPaper]], highlight: Highlight, *, explain: bool = False
) -> None:
    """Each hit as a few lines on stdout: wrapped and coloured on a terminal, plain where it is piped."""
    indent = len(str(max((hit.rank for hit, _ in hits), default=0))) + 2
    for hit, stored in hits:
        show(_hit_lines(hit, stored, highlight, explain=explain), f"{hit.rank:>{indent - 2}}", indent)


def show(lines: Iterable[Sequence[Piece]], label: str, indent: int) -> None:
    """Lines under a label that stands before the first of them."""
    if not on_terminal():
        for number, pieces in enumerate(lines):
            start = (label if number == 0 else "").ljust(indent)
            write(start + "".join(text for text, _ in pieces) + "\n")
        write("\n")
        return
    from rich.table import Table
    from rich.text import Text

    from litsearch.cli.screen import console

    grid = Table.grid(padding=(0, indent - len(label), 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    body = Text("\n").join(Text.assemble(*pieces) for pieces in lines)
    grid.add_row(Text(label, "dim"), body)
    screen = console()
    screen.print(grid)
    screen.print()


def _hit_lines(
    hit: Hit, stored: StoredPaper, highlight: Highlight, *, explain: bool
) -> Iterator[Sequence[Piece]]:
    paper = stored.paper
    yield _marked(line(paper.title), highlight, "bold")
    about = [author_line([line(author.name) for author in paper.authors])]
    about += [str(paper.year) if paper.year is not None else "", line(paper.venue)]
    if any(about):
        yield [(" · ".join(part for part in about if part), "")]
    if paper.abstract:
        whose = [("litsearch's summary: ", "italic")] if paper.is_summary else []
        yield [*whose, *_snippet(line(paper.abstract), highlight)]
    link = web_link((str(identifier) for identifier in paper.identifiers), paper.url)
    yield [(line(stored.key), "cyan"), (f"  {link}" if link else "", "dim")]
    if explain:
        if hit.reranked:
            yield [(f"re-ranked from {hit.reranked.before}, score {hit.reranked.score:.4g}", "dim")]
        for leg, seen in hit.legs.items():
            yield [(f"{leg} rank {seen.rank}, score {seen.score:.4g}", "dim"), (_terms(seen), "dim")]


def _terms(seen: LegHit) -> str:
    terms = ", ".join(f"{line(each.term)} {each.weight:.3g}" for each in seen.terms)
    return f": {terms}" if terms else ""


def _leg_json(seen: LegHit) -> dict[str, object]:
    values: dict[str, object] = {"rank": seen.rank, "score": seen.score}
    if seen.terms:
        values["terms"] = [{"term": each.term, "weight": each.weight} for each in seen.terms]
    return values


def _marked(text: str, highlight: Highlight, style: str = "") -> list[Piece]:
    return _pieces(text, highlight(text), 0, len(text), style)


def _pieces(text: str, spans: Iterable[Span], start: int, end: int, style: str) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for span in spans:
        if span.start < at or span.end > end:
            continue
        pieces += [(text[at : span.start], style), (text[span.start : span.end], _MATCH)]
        at = span.end
    return [*pieces, (text[at:end], style)]


def _snippet(text: str, highlight: Highlight) -> list[Piece]:
    """The stretch of the text with most matches, cut at spaces, its cut ends shown."""
    spans = highlight(text)
    start = _best_start(text, spans)
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + _SNIPPET // 2)
    pieces = _pieces(text, spans, start, end, "")
    return [("… " if start else "", "dim"), *pieces, (" …" if end < len(text) else "", "dim")]


def _best_start(text: str, spans: Sequence[Span]) -> int:
    def inside(start: int) -> int:
        return sum(start <= span.start and span.end <= start + _SNIPPET for span in spans)

    starts = (0, *(max(0, span.start - _SNIPPET // 4) for span in spans))
    return text.rfind(" ", 0, max(starts, key=inside)) + 1
