"""CSL-JSON, what Zotero and Pandoc exchange: one array of items."""

import json
from collections.abc import Iterable, Iterator

from litsearch.exporters.citation import citation_key, safe_url
from litsearch.papers import Author, Paper, StoredPaper

_IDENTIFIERS = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN", "issn": "ISSN"}


def write(papers: Iterable[StoredPaper]) -> Iterator[str]:
    """A JSON array, an item a line."""
    separator = "[\n"
    for stored in papers:
        yield separator + json.dumps(item(stored), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def item(stored: StoredPaper) -> dict[str, object]:
    """One paper as a CSL item; what it has nothing for is left out."""
    paper = stored.paper
    values: dict[str, object] = {
        "id": citation_key(stored.key),
        "type": paper.kind or "document",
        "title": paper.title,
        "author": [_name(author) for author in paper.authors],
        "issued": None if paper.year is None else {"date-parts": [[paper.year]]},
        "container-title": paper.venue,
        "volume": paper.volume,
        "issue": paper.issue,
        "page": paper.pages,
        "publisher": paper.publisher,
        "language": paper.language,
        **_identifiers(paper),
        "URL": safe_url(paper.url),
        "keyword": ", ".join(paper.keywords),
        "abstract": paper.abstract,
    }
    return {name: value for name, value in values.items() if value}


def _name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}


def _identifiers(paper: Paper) -> dict[str, str]:
    named: dict[str, str] = {}
    others: list[str] = []
    for identifier in paper.identifiers:
        name = _IDENTIFIERS.get(identifier.scheme)
        if name and name not in named:
            named[name] = identifier.value
        else:
            others.append(str(identifier))
    return {**named, "note": "\n".join(others)}  # where CSL has no variable, its custom is the note
