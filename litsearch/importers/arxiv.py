"""arXiv's public metadata snapshot: an object a line with ``id``, ``authors_parsed``, ``versions`` …"""

from collections.abc import Iterator

from litsearch.cleaning import clean_text
from litsearch.importers.drafts import Draft
from litsearch.importers.json_objects import authors_of, load_object, text_of
from litsearch.importers.splitting import read, split_lines
from litsearch.importers.streams import Stream
from litsearch.latex import from_latex
from litsearch.papers import Author, Paper, Rejected


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The lines of the file."""
    return read(split_lines(stream.reader), parse)


def parse(text: str) -> Paper:
    """A paper from one line; RecordError where it can't be one."""
    values = load_object(text)
    number = text_of(values.pop("id", ""))
    versions = values.pop("versions", None)
    draft = Draft(
        title=text_of(values.pop("title", "")),
        abstract=text_of(values.pop("abstract", "")),
        year=_created(versions) or text_of(values.get("update_date", "")),
        venue=text_of(values.pop("journal-ref", "")) or "arXiv",
        kind="article",
        key=f"arxiv:{number}" if number else "",
        url=f"https://arxiv.org/abs/{number}" if number else "",
        keywords=text_of(values.pop("categories", "")).split(),
    )
    parsed, written = values.pop("authors_parsed", None), values.pop("authors", None)
    draft.authors = _authors(parsed) or list(authors_of(written))
    draft.identify("arxiv", number)
    for doi in text_of(values.pop("doi", "")).split():
        draft.identify("doi", doi)
    for name, value in values.items():
        draft.keep(name, value)
    if isinstance(versions, list) and len(versions) > 1:
        draft.keep("version", f"v{len(versions)}")
    return draft.paper()


def _created(versions: object) -> str:
    """The date of the first version."""
    first = versions[0] if isinstance(versions, list) and versions else None
    return text_of(first.get("created", "")) if isinstance(first, dict) else ""


def _authors(parsed: object) -> list[Author]:
    """From ``[["Balázs", "C.", ""], …]``: family, given, suffix, then affiliations."""
    authors: list[Author] = []
    for one in parsed if isinstance(parsed, list) else ():
        parts = [clean_text(from_latex(text_of(part))) for part in one] if isinstance(one, list) else []
        family, given, suffix = (*parts, "", "", "")[:3]
        if family:
            authors.append(Author(f"{family} {suffix}".strip(), given))
    return authors
