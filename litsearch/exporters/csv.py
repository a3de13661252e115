"""CSV for spreadsheets; a cell that a spreadsheet would run as a formula begins with an apostrophe."""

import csv
import io
from collections.abc import Iterable, Iterator

from litsearch.exporters.citation import safe_url
from litsearch.papers import StoredPaper

_SCHEMES = ("doi", "arxiv", "pmid", "acl")
COLUMNS = (
    *("key", "title", "authors", "year", "venue", "type"),
    *_SCHEMES,
    *("url", "volume", "issue", "pages", "publisher", "language"),
    *("keywords", "tags", "collections", "abstract"),
)
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(papers: Iterable[StoredPaper]) -> Iterator[str]:
    """A head, then a row a paper; several values of a cell are parted by ``; ``."""
    yield row(COLUMNS)
    for stored in papers:
        yield row(_cells(stored))


def _cells(stored: StoredPaper) -> Iterator[str]:
    paper = stored.paper
    yield from (stored.key, paper.title)
    yield "; ".join(f"{author.family}, {author.given}".removesuffix(", ") for author in paper.authors)
    yield from ("" if paper.year is None else str(paper.year), paper.venue, paper.kind)
    for scheme in _SCHEMES:
        yield "; ".join(i.value for i in paper.identifiers if i.scheme == scheme)
    yield from (safe_url(paper.url), paper.volume, paper.issue, paper.pages, paper.publisher, paper.language)
    yield from ("; ".join(paper.keywords), "; ".join(stored.tags), "; ".join(stored.collections))
    yield paper.abstract


def row(cells: Iterable[str | float | None]) -> str:
    """One line of the file. Text is guarded; None is an empty cell, True and False are in lower case."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_shown(cell) for cell in cells])
    return out.getvalue().removesuffix("\r\n") + "\n"  # it quotes the ends of lines that it is told of


def _shown(cell: str | float | None) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_RUNS_AS_FORMULA) else cell
    return "" if cell is None else str(cell).lower()
