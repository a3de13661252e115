"""The corpus layout of BEIR: ``{"_id", "title", "text", "metadata"}`` a line."""

from collections.abc import Iterator

from litsearch.cleaning import clean_prose, clean_text
from litsearch.identifiers import find_identifiers, normalise, parse_identifier, united
from litsearch.importers.drafts import as_list, as_text, distinct, find_year, has_words
from litsearch.importers.json_objects import authors_of, load_object, text_of
from litsearch.importers.splitting import RecordError, read, split_lines
from litsearch.importers.streams import Stream
from litsearch.papers import Identifier, Paper, Rejected

_SCHEMES = {
    "doi": "doi",
    "arxiv": "arxiv",
    "arxiv_id": "arxiv",
    "pmid": "pmid",
    "pubmed_id": "pmid",
    "pmcid": "pmcid",
    "acl": "acl",
    "acl_id": "acl",
    "corpusid": "s2",
    "corpus_id": "s2",
    "isbn": "isbn",
    "issn": "issn",
}
_FIELDS = {
    "venue": "venue",
    "journal": "venue",
    "booktitle": "venue",
    **{name: name for name in ("kind", "volume", "issue", "pages", "publisher", "language")},
}
_KEYWORDS = ("keywords", "mesh", "categories")


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The lines of the file."""
    return read(split_lines(stream.reader), parse)


def parse(text: str) -> Paper:
    """A paper from one line; RecordError where it can't be one.

    Made without a draft: hundreds of thousands of records come this way, most of them clean.
    """
    values = load_object(text)
    title = clean_prose(text_of(values.pop("title", "")))
    if not has_words(title):
        raise RecordError("the record has no title")
    key = clean_text(text_of(values.pop("_id", "")))
    abstract = clean_prose(text_of(values.pop("text", "")))
    data = values.pop("metadata", None)
    if isinstance(data, dict):
        values.update(data)
    url = clean_text(text_of(values.pop("url", "")))
    if not url.startswith(("http://", "https://")):
        url = ""
    identifiers = _identifiers(key, url, values)
    year = values.pop("year", None)
    number = year if type(year) is int and 1500 <= year < 2100 else find_year(as_text(year))
    if number is None and year is not None:
        values["year"] = year
    texts = _texts(values)
    return Paper(
        title=title,
        abstract=abstract,
        authors=authors_of(values.pop("authors", None)),
        year=number,
        identifiers=identifiers,
        key=key,
        url=url,
        keywords=_keywords(values),
        references=distinct(as_list(values.pop("references", None))),
        venue=texts.get("venue", ""),
        kind=texts.get("kind", ""),
        volume=texts.get("volume", ""),
        issue=texts.get("issue", ""),
        pages=texts.get("pages", ""),
        publisher=texts.get("publisher", ""),
        language=texts.get("language", ""),
        extra={clean_text(name): clean_text(kept) for name in values if (kept := as_text(values[name]))},
    )


def _identifiers(key: str, url: str, values: dict[str, object]) -> tuple[Identifier, ...]:
    own = parse_identifier(key)
    found = [own]
    for name in [name for name in values if name in _SCHEMES]:
        identifier = normalise(_SCHEMES[name], text_of(values[name]))
        if identifier is not None or not values[name]:
            found.append(identifier)
            del values[name]
    if url and (own is None or not url.endswith(own.value)):
        found += find_identifiers(url)
    return united(found)


def _keywords(values: dict[str, object]) -> tuple[str, ...]:
    keywords = [keyword for name in _KEYWORDS if name in values for keyword in as_list(values.pop(name))]
    return distinct(map(clean_prose, keywords)) if keywords else ()


def _texts(values: dict[str, object]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in [name for name in values if name in _FIELDS]:
        field = _FIELDS[name]
        if field not in texts and (text := clean_prose(text_of(values[name]))):
            texts[field] = text
            del values[name]
    return texts
