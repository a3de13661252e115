"""Texts of papers as Textual shows them: on one line, nothing of them obeyed, what was looked for marked."""

from collections.abc import Iterable, Sequence

from textual.content import Content

from indexes.types import Span
from litsearch.cli.screen import line
from litsearch.exporters.citation import author_line

MATCH = "$text-warning bold"
QUOTE = "$text-success bold reverse"


def marked(text: str, spans: Iterable[Span], style: str = "", match: str = MATCH) -> Content:
    """The text as it is, which must be safe, with the spans in another style."""
    content = Content(text).stylize(style) if style else Content(text)
    for span in spans:
        content = content.stylize(match, span.start, span.end)
    return content


def about(authors: Sequence[str], year: int | None, venue: str, most: int = 3) -> str:
    """Who, when and where, on one line."""
    parts = (author_line([line(name) for name in authors], most), str(year or ""), line(venue))
    return " · ".join(part for part in parts if part)
