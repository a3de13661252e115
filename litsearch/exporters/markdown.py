"""A reading list in Pandoc Markdown, one item a paper."""

import re
from collections.abc import Iterable, Iterator

from litsearch.exporters.citation import author_line, pandoc_citation, web_link
from litsearch.papers import StoredPaper

_MARKS = re.compile(r"[\\`*_{}\[\]#|~^$@<>&]")
_BEGINS_BLOCK = re.compile(
    r"(\w{1,9}(?=[.)])|)([-+:%=(.)])"
)  # a list, a definition, a fence, at a line's start


def write(papers: Iterable[StoredPaper]) -> Iterator[str]:
    """One list item after another."""
    for stored in papers:
        yield f"- {_line(stored)}\n"


def plain(text: str) -> str:
    """Text of others as Markdown that shows it as it is: no emphasis, link, citation, HTML or heading."""
    escaped = inline(text)
    begins = _BEGINS_BLOCK.match(escaped)
    return f"{begins[1]}\\{escaped[begins.end(1) :]}" if begins else escaped


def inline(text: str) -> str:
    """The same for text that does not begin a line."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def _line(stored: StoredPaper) -> str:
    paper = stored.paper
    authors = plain(author_line([author.name for author in paper.authors]))
    year = f"({paper.year})" if paper.year is not None else ""
    title = f"**{plain(paper.title)}**"
    link = web_link((str(identifier) for identifier in paper.identifiers), paper.url)
    if link:
        title = f"[{title}](<{link}>)"
    venue = f"*{plain(paper.venue)}*" if paper.venue else ""
    named = " ".join(part for part in (authors, year) if part)
    sentences = [part for part in (named, title, venue) if part]
    return f"{'. '.join(sentences)}. [{pandoc_citation(stored.key)}]"
