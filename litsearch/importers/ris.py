"""RIS, parsed by rispy a record at a time."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from litsearch.importers.drafts import Draft, as_list, as_text
from litsearch.importers.splitting import RecordError, read, split_at
from litsearch.importers.streams import Stream
from litsearch.names import parse_name
from litsearch.papers import Paper, Rejected

if TYPE_CHECKING:
    pass

_TAG = re.compile(r"[A-Z][A-Z0-9]  -")
_KINDS = {
    "JOUR": "article-journal",
    "EJOUR": "article-journal",
    "JFULL": "article-journal",
    "ABST": "article-journal",
    "INPR": "article-journal",
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "THES": "thesis",
    "RPRT": "report",
    "UNPB": "manuscript",
    "ELEC": "webpage",
    "DATA": "dataset",
    "COMP": "software",
    "PAT": "patent",
}
# Where each field may stand, best first, by rispy's names.
_TITLES = ("title", "primary_title", "translated_title", "short_title")
_VENUES = ("alternate_title3", "journal_name", "secondary_title", "alternate_title2", "alternate_title1")
_ABSTRACTS = ("abstract", "notes_abstract")
_YEARS = ("year", "publication_year", "date")


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The records of the file, each from its ``TY`` line to the next one's, ``ER`` or not."""
    return read(split_at(stream.reader, lambda line: line.startswith(b"TY  -")), parse)


def parse(text: str) -> Paper:
    """A paper from one record; RecordError where it can't be one."""
    from rispy import RisParser

    parsed = RisParser(enforce_list_tags=False).parse_lines(iter([*_unfolded(text), "ER  - "]))
    if not parsed:
        raise RecordError("the record can't be read as RIS")
    fields: dict[str, object] = parsed[0]
    draft = Draft(
        title=_first(fields, _TITLES),
        abstract=_first(fields, _ABSTRACTS),
        year=_first(fields, _YEARS),
        venue=_first(fields, _VENUES),
        kind=_KINDS.get(as_text(fields.pop("type_of_reference", "")).strip().upper(), "document"),
        key=_first(fields, ("id",)),
        volume=_first(fields, ("volume",)),
        issue=_first(fields, ("number",)),
        pages="–".join(filter(None, (_first(fields, ("start_page",)), _first(fields, ("end_page",))))),
        publisher=_first(fields, ("publisher",)),
        language=_first(fields, ("language",)),
        keywords=[part for line in _all(fields, "keywords") for part in line.split("\n")],
    )
    for name in ("authors", "first_authors"):
        draft.authors += [parse_name(author) for author in _all(fields, name)]
    _identify(draft, fields)
    unknown = fields.pop("unknown_tag", None)
    for name, value in (*fields.items(), *(unknown.items() if isinstance(unknown, dict) else ())):
        draft.keep(str(name or "text"), value)
    return draft.paper()


def _identify(draft: Draft, fields: dict[str, object]) -> None:
    draft.identify("doi", _first(fields, ("doi",)))
    for number in re.split(r"[;\s]+", _first(fields, ("issn",))):
        draft.identify("isbn" if len(number.replace("-", "")) > 8 else "issn", number)
    addresses = _all(fields, "urls")
    draft.url = next((address for address in addresses if address.startswith("http")), "")
    for address in addresses:
        if address != draft.url:
            draft.keep("urls", address)
    database = as_text(fields.get("name_of_database")).lower()
    if "pubmed" in database or "medline" in database:
        draft.identify("pmid", _first(fields, ("accession_number",)))


def _unfolded(text: str) -> list[str]:
    """The tagged lines, each with its continuation lines: rispy joins them wrongly where a tag repeats."""
    tagged: list[str] = []
    for line in text.splitlines():
        if line.startswith("ER  -"):
            break
        if _TAG.match(line) or not tagged:
            tagged.append(line)
        elif line.strip():
            tagged[-1] += "\n" + line.strip()
    return tagged


def _first(fields: dict[str, object], names: tuple[str, ...]) -> str:
    """The first of these fields that has a value, taken out; a repeated tag's further values stay."""
    for name in names:
        value = fields.pop(name, None)
        if isinstance(value, list) and value:
            value, *rest = value
            if rest:
                fields[name] = rest
        if text := as_text(value).strip():
            return text
    return ""


def _all(fields: dict[str, object], name: str) -> list[str]:
    value = fields.pop(name, None)
    return [value] if isinstance(value, str) else as_list(value)
