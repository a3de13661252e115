"""Our own JSON Lines: everything a paper has, one object a line; ``litsearch add`` reads it back."""

import json
from collections.abc import Iterable, Iterator

from litsearch.papers import Author, Paper, StoredPaper


def write(papers: Iterable[StoredPaper]) -> Iterator[str]:
    """One line after another."""
    for stored in papers:
        yield json.dumps(record(stored), ensure_ascii=False) + "\n"


def record(stored: StoredPaper) -> dict[str, object]:
    """A paper as plain values, by the names of ``Paper``'s fields; what it has nothing for is left out."""
    paper = stored.paper
    values: dict[str, object] = {
        "key": stored.key,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": [_name(author) for author in paper.authors],
        "year": paper.year,
        "venue": paper.venue,
        "kind": paper.kind,
        "identifiers": [str(identifier) for identifier in paper.identifiers],
        "url": paper.url,
        **_details(paper),
        "tags": list(stored.tags),
        "collections": list(stored.collections),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, False)}


def _name(author: Author) -> dict[str, str]:
    return {"family": author.family, "given": author.given} if author.given else {"family": author.family}


def _details(paper: Paper) -> dict[str, object]:
    return {
        "volume": paper.volume,
        "issue": paper.issue,
        "pages": paper.pages,
        "publisher": paper.publisher,
        "language": paper.language,
        "keywords": list(paper.keywords),
        "references": list(paper.references),
        "is_summary": paper.is_summary,
        "extra": dict(paper.extra),
    }
