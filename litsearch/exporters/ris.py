"""RIS, one tag a line, with ``ID`` holding the library's key."""

from collections.abc import Iterable, Iterator

from litsearch.exporters.citation import safe_url, web_link
from litsearch.papers import Author, Paper, StoredPaper

_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "review": "JOUR",
    "paper-conference": "CPAPER",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "report": "RPRT",
    "manuscript": "UNPB",
    "webpage": "ELEC",
    "dataset": "DATA",
    "software": "COMP",
    "patent": "PAT",
}
_IDENTIFIERS = {"doi": "DO", "issn": "SN", "isbn": "SN"}


def write(papers: Iterable[StoredPaper]) -> Iterator[str]:
    """One record after another, each ended by ``ER``."""
    for stored in papers:
        lines = [f"{tag}  - {' '.join(value.split())}\n" for tag, value in _tags(stored) if value.strip()]
        yield "".join(lines) + "ER  - \n\n"


def _tags(stored: StoredPaper) -> Iterator[tuple[str, str]]:
    paper = stored.paper
    yield "TY", _TYPES.get(paper.kind, "GEN")
    yield "ID", stored.key
    yield "TI", paper.title
    for author in paper.authors:
        yield "AU", _name(author)
    yield "PY", "" if paper.year is None else str(paper.year)
    yield ("JO" if paper.kind == "article-journal" else "T2"), paper.venue
    yield "VL", paper.volume
    yield "IS", paper.issue
    first, _, last = paper.pages.replace("–", "-").partition("-")
    yield "SP", first
    yield "EP", last.lstrip("-")
    yield "PB", paper.publisher
    yield "LA", paper.language
    yield from _identifiers(paper)
    for keyword in paper.keywords:
        yield "KW", keyword
    yield "AB", paper.abstract


def _name(author: Author) -> str:
    return f"{author.family}, {author.given}" if author.given else author.family


def _identifiers(paper: Paper) -> Iterator[tuple[str, str]]:
    """RIS has tags for few schemes; a paper's number elsewhere is told by its address there."""
    yield "UR", safe_url(paper.url)
    for identifier in paper.identifiers:
        if identifier.scheme == "pmid":
            yield "DB", "PubMed"
            yield "AN", identifier.value
        elif identifier.scheme in _IDENTIFIERS:
            yield _IDENTIFIERS[identifier.scheme], identifier.value
        else:
            yield "UR", web_link((str(identifier),))
