"""BibTeX and BibLaTeX, parsed by bibtexparser an entry at a time."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from litsearch.errors import ImportFileError
from litsearch.identifiers import find_identifiers
from litsearch.importers.bibtex_values import MONTHS, lacks_comma, value_of
from litsearch.importers.drafts import Draft, clean_tex
from litsearch.importers.splitting import RawRecord, RecordError, split_at, too_large
from litsearch.importers.streams import Stream
from litsearch.names import are_others, parse_name
from litsearch.papers import Paper, Rejected

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_START = re.compile(rb"\s*@[ \t]*(\w+)[ \t]*[{(]")
_KEY = re.compile(rb"\s*@[ \t]*\w+[ \t]*[{(]\s*([^,\s]+)")
_CROSSREF = re.compile(rb"crossref\s*=\s*[{\"]?\s*([^}\",\s]+)", re.IGNORECASE)
_NOT_ENTRIES = (b"string", b"comment", b"preamble")
_MACRO = re.compile(r"[=#]\s*([A-Za-z][\w:.+/-]*)")
_ESCAPED = re.compile(r"\\([%&_#${}~])|[{}]")
_COREF_VOLUME = re.compile(r"abs/(\S+)")

_KINDS = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "incollection": "chapter",
    "inbook": "chapter",
    "book": "book",
    "mvbook": "book",
    "collection": "book",
    "proceedings": "book",
    "booklet": "pamphlet",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "unpublished": "manuscript",
    "preprint": "article",
    "online": "webpage",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
}
_VENUES = (
    "journal",
    "journaltitle",
    "booktitle",
    "maintitle",
    "series",
    "school",
    "institution",
    "howpublished",
)
# What an entry takes from the volume it cross-references; a DOI or an abstract there is the volume's own.
_INHERITED = [
    "booktitle",
    "journal",
    "year",
    "date",
    "month",
    "publisher",
    "editor",
    "volume",
    "number",
    "series",
    "address",
    "organization",
    "isbn",
    "issn",
]

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would warn of is a Rejected here


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The entries of the file. ``@string`` macros and ``crossref`` hold across entries as in BibTeX."""
    parents = _parents(stream)
    strings: dict[str, str] = dict(MONTHS)
    number = 0
    for raw in split_at(stream.reader, _starts):
        found = _START.match(raw.data)
        kind = found[1].lower() if found is not None else b""
        if raw.oversized:
            if kind not in _NOT_ENTRIES:
                number += 1
                yield Rejected(number, raw.line, too_large(), raw.text)
            continue
        for result in _entries(raw, strings, parents):
            number += 1
            if isinstance(result, Paper):
                yield result
            else:
                line, reason, text = result
                yield Rejected(number, line, reason, _with_macros(text, strings))


def _starts(line: bytes) -> bool:
    return b"@" in line[:200] and _START.match(line) is not None


def _entries(
    raw: RawRecord, strings: dict[str, str], parents: Mapping[str, Mapping[str, str]]
) -> Iterator[Paper | tuple[int, str, str]]:
    """Usually one entry; several where they share a line; none for a macro or a comment."""
    from bibtexparser import parse_string
    from bibtexparser.exceptions import ParserStateException
    from bibtexparser.model import (
        DuplicateBlockKeyBlock,
        DuplicateFieldKeyBlock,
        Entry,
        ParsingFailedBlock,
        String,
    )

    text = raw.text.strip()
    try:
        blocks = parse_string(text, parse_stack=[]).blocks
    except (ParserStateException, ValueError, LookupError, AttributeError, TypeError) as error:
        yield raw.line, f"the entry can't be read: {error}", text
        return
    for block in blocks:
        line = raw.line + (block.start_line or 0)
        if isinstance(block, DuplicateFieldKeyBlock | DuplicateBlockKeyBlock):
            block = block.ignore_error_block
        if isinstance(block, String):
            strings[block.key.lower()] = value_of(block.value, strings)
        elif isinstance(block, Entry):
            try:
                yield _paper(block, strings, parents)
            except RecordError as error:
                yield line, str(error), block.raw or text
        elif isinstance(block, ParsingFailedBlock) and not _is_no_entry(block.raw or ""):
            yield line, _reason(block.error), text


def _is_no_entry(raw: str) -> bool:
    return raw.lstrip().lower().startswith(("@comment", "@string", "@preamble"))


def _reason(error: Exception) -> str:
    said = str(getattr(error, "abort_reason", error)).strip()
    if "end of file" in said or "block start" in said:
        return "the entry does not end: a closing brace, a quotation mark or a comma is missing"
    return f"the entry can't be read: {said[:1].lower()}{said[1:]}"


def _paper(entry: "Entry", strings: Mapping[str, str], parents: Mapping[str, Mapping[str, str]]) -> Paper:
    fields = _fields(entry, strings)
    if parent := parents.get(fields.get("crossref", "").strip().lower()):
        fields.setdefault("booktitle", parent.get("booktitle", parent.get("title", "")))
        for name in _INHERITED:
            if name in parent:
                fields.setdefault(name, parent[name])
    kind = entry.entry_type.lower()
    take = fields.pop
    draft = Draft(
        title=take("title", ""),
        abstract=take("abstract", ""),
        year=take("year", "") or fields.get("date", ""),
        kind=_KINDS.get(kind, "document"),
        key=_plain(entry.key),
        url=_plain(take("url", "")),
        volume=take("volume", ""),
        issue=take("number", "") or take("issue", ""),
        pages=take("pages", ""),
        publisher=take("publisher", ""),
        language=take("langid", "") or take("language", ""),
        keywords=re.split(r"[;,\n]", take("keywords", "")),
    )
    subtitle = take("subtitle", "")
    if subtitle and draft.title:
        draft.title = f"{draft.title}: {subtitle}"
    draft.venue = next((take(name) for name in _VENUES if fields.get(name)), "")
    _add_authors(draft, take("author", ""))
    _identify(draft, fields)
    for name, value in fields.items():
        draft.keep(name, value)
    return draft.paper(clean_tex)


def _add_authors(draft: Draft, names: str) -> None:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    for name in split_multiple_persons_names(" ".join(names.split())):
        if are_others(name):
            draft.keep("authors", "and others")
        else:
            draft.authors.append(parse_name(name))


def _identify(draft: Draft, fields: dict[str, str]) -> None:
    for scheme in ("doi", "pmid", "pmcid", "isbn", "issn"):
        draft.identify(scheme, _plain(fields.pop(scheme, "")))
    eprint = _plain(fields.get("eprint", ""))
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip().lower()
    if eprint and archive in ("arxiv", "pubmed"):
        draft.identify(archive, eprint)
        for name in ("eprint", "archiveprefix", "eprinttype"):
            fields.pop(name, None)
    draft.identify("arxiv", _plain(fields.pop("arxivid", "")))
    if draft.venue == "CoRR" and (found := _COREF_VOLUME.fullmatch(draft.volume)):  # as DBLP writes arXiv
        draft.identify("arxiv", found[1])
    draft.identifiers += find_identifiers(_plain(draft.venue))


def _fields(entry: "Entry", strings: Mapping[str, str]) -> dict[str, str]:
    """The values by lower-case name; of a name that occurs twice the second goes by ``name-2``."""
    fields: dict[str, str] = {}
    for field in entry.fields:
        name = field.key.strip().lower()
        if lacks_comma(str(field.value)):
            raise RecordError(f"a comma is missing after the field {name!r}")
        fields[f"{name}-2" if name in fields else name] = value_of(str(field.value), strings)
    return fields


def _plain(value: str) -> str:
    """An address or identifier: TeX escapes undone, nothing else touched."""
    value = value.strip()
    if value.startswith("\\url{"):
        value = value[5:]
    return _ESCAPED.sub(r"\1", value)


def _parents(stream: Stream) -> dict[str, dict[str, str]]:
    """The entries that others cross-reference, by lower-case key; they may stand anywhere in the file.

    Two more passes over files that have cross-references keep memory flat for those that have none.
    """
    wanted: set[bytes] = set()
    parents: dict[str, dict[str, str]] = {}
    try:
        scan = Stream(stream.path)
        before = b""
        while chunk := scan.reader.read(1 << 20):
            wanted.update(key.lower() for key in _CROSSREF.findall(before + chunk))
            before = chunk[-500:]
        scan.close()
        if not wanted:
            return parents
        strings: dict[str, str] = dict(MONTHS)
        scan = Stream(stream.path)
        for raw in split_at(scan.reader, _starts):
            key = _KEY.match(raw.data)
            if key is not None and (key[1].lower() in wanted or raw.data.lstrip()[:7].lower() == b"@string"):
                _take_parent(raw, strings, parents)
        scan.close()
    except ImportFileError:
        pass  # the file is damaged further on: the pass that yields records will come there and say so
    return parents


def _take_parent(raw: RawRecord, strings: dict[str, str], parents: dict[str, dict[str, str]]) -> None:
    from bibtexparser import parse_string
    from bibtexparser.exceptions import ParserStateException

    try:
        library = parse_string(raw.text.strip(), parse_stack=[])
    except (ParserStateException, ValueError, LookupError, AttributeError, TypeError):
        return  # it is reported where the records are read
    for string in library.strings:
        strings[string.key.lower()] = value_of(string.value, strings)
    for entry in library.entries:
        with suppress(RecordError):  # it is reported where the records are read
            parents[entry.key.lower()] = _fields(entry, strings)


def _with_macros(text: str, strings: Mapping[str, str]) -> str:
    """The entry with the ``@string`` definitions that it needs, so that it can be added from another file."""
    names = dict.fromkeys(name.lower() for name in _MACRO.findall(text))
    used = [name for name in names if name in strings and name not in MONTHS]
    return "".join(f"@string{{{name} = {{{strings[name]}}}}}\n" for name in used) + text
