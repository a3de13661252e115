"""CSL-JSON, what Zotero, Pandoc and Crossref exchange: an array of items, or items one after another."""

import re
from collections.abc import Iterator

import orjson

from litsearch.identifiers import find_identifiers, normalise, parse_identifier
from litsearch.importers.drafts import Draft, as_text
from litsearch.importers.json_objects import authors_of, load_object, text_of
from litsearch.importers.splitting import LARGEST_RECORD, RawRecord, lines, read
from litsearch.importers.streams import Reader, Stream
from litsearch.papers import Paper, Rejected

_KEPT_OF_LARGE = 2_000
# A string, which ends at the latest with its line, or a brace.
_TOKEN = re.compile(rb'"(?:[^"\\\n]++|\\(?:.|\Z|(?=\n)))*+(?:(")|(?=\n)|\Z)|[{}]')
_FIRST_NAME = re.compile(rb'\{\s*("[^"\\\n]*")\s*:')
_WRAPPER = re.compile(rb'\s*\{\s*"(?:items|references|data)"\s*:\s*\[')
_TEXTS = {
    "title": ("title",),
    "abstract": ("abstract",),
    "venue": ("container-title", "event-title", "event", "collection-title"),
    "kind": ("type",),
    "key": ("citation-key", "id"),
    "url": ("URL",),
    "volume": ("volume",),
    "issue": ("issue",),
    "pages": ("page",),
    "publisher": ("publisher",),
    "language": ("language",),
}


def records(stream: Stream) -> Iterator[Paper | Rejected]:
    """The items of the file."""
    return read(
        _numbered(_Splitter(stream.reader, wrapped=_WRAPPER.match(stream.sample) is not None).items()), parse
    )


def parse(text: str) -> Paper:
    """A paper from one item; RecordError where it can't be one."""
    values = load_object(text)
    draft = Draft.of({field: _first(values, names) for field, names in _TEXTS.items()})
    draft.year = _date(values.pop("issued", None))
    draft.authors = list(authors_of(values.pop("author", None)))
    draft.keywords = re.split(r"[;,]", text_of(values.pop("keyword", "")))
    for scheme, name in (("doi", "DOI"), ("pmid", "PMID"), ("pmcid", "PMCID")):
        draft.identify(scheme, text_of(values.pop(name, "")))
    for scheme, name in (("isbn", "ISBN"), ("issn", "ISSN")):
        for one in re.split(r"[,;\s]+", as_text(values.pop(name, ""))):
            draft.identify(scheme, one)
    draft.identifiers += find_identifiers(text_of(values.get("number", "")))
    _take_note(draft, text_of(values.pop("note", "")))
    for one in _list(values.pop("reference", None)):
        doi = normalise("doi", text_of(one.get("DOI", ""))) if isinstance(one, dict) else None
        if doi is not None:
            draft.references.append(str(doi))
    for name, value in values.items():
        draft.keep(name, value)
    return draft.paper()


def _first(values: dict[str, object], names: tuple[str, ...]) -> str:
    return next((text for name in names if name in values and (text := text_of(values.pop(name)))), "")


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _date(value: object) -> str:
    if not isinstance(value, dict):
        return as_text(value)
    parts = text_of(value.get("date-parts"))
    return parts or text_of(value.get("raw") or value.get("literal"))


def _take_note(draft: Draft, note: str) -> None:
    """The note, where those who have no variable for an identifier put it, a line each."""
    for line in note.splitlines():
        identifier = parse_identifier(line.replace(": ", ":"))
        if identifier is not None:
            draft.identifiers.append(identifier)
        else:
            draft.keep("note", line.strip())


def _numbered(items: Iterator[tuple[int, bytes, bool]]) -> Iterator[RawRecord]:
    for number, (line, data, oversized) in enumerate(items, 1):
        yield RawRecord(number, line, data, oversized)


class _Splitter:
    """Cuts the items out by their braces.

    Where a brace or a quotation mark is missing, the next item is found all the same: a string ends at
    the latest with its line, and a line that begins as the first item's line did begins an item. Where
    all items share a line, one begins at the name that the first one begins with.
    """

    def __init__(self, reader: Reader, *, wrapped: bool) -> None:
        self._reader = reader
        self._wrapped = wrapped  # the items are a list inside an object
        self._margin: bytes | None = None  # the white space before the first item where it begins a line
        self._again: re.Pattern[bytes] | None = None
        self._depth = 0
        self._parts: list[bytes] = []
        self._size = 0
        self._line = 0
        self._carry = b""  # a string that a very long line's piece was cut in

    def items(self) -> Iterator[tuple[int, bytes, bool]]:
        """The items as line number, text, and whether they were too large to be kept."""
        number = 0
        for line, begins in lines(self._reader):
            number += begins
            if self._wrapped:
                opening = line.find(b"[") + 1
                if not opening:
                    continue
                self._wrapped, line, begins = False, line[opening:], False
            if self._carry:
                line, self._carry = self._carry + line, b""
            yield from self._scan(line, number, begins=begins)
        self._keep(self._carry)
        if self._size:
            yield from self._finished(b"]")

    def _scan(self, line: bytes, number: int, *, begins: bool) -> Iterator[tuple[int, bytes, bool]]:
        if begins and self._size and self._margin is not None and line.startswith(self._margin + b"{"):
            yield from self._finished(b",")
        place = 0
        for token in _TOKEN.finditer(line):
            mark = token[0]
            if mark == b"{":
                if not self._size:
                    place, self._line, self._size = token.start(), number, 1
                    self._learn(line, place, begins=begins)
                self._depth += 1
            elif mark == b"}" and self._size:
                self._depth -= 1
                if self._depth == 0:
                    self._keep(line[place : token.end()])
                    yield from self._finished()
                    place = token.end()
            elif self._size and token[1] is None and token.end() == len(line) < LARGEST_RECORD * 2:
                self._keep(line[place : token.start()])
                self._carry = line[token.start() :]
                return
        if self._size:
            self._keep(line[place:])

    def _learn(self, line: bytes, place: int, *, begins: bool) -> None:
        """How the first item begins tells how the others do."""
        if self._again is not None:
            return
        margin = line[:place]
        self._margin = margin if begins and not margin.strip() else None
        name = _FIRST_NAME.match(line, place)
        self._again = re.compile(rb"\}?\s*,\s*(?=\{\s*%s\s*:)" % re.escape(name[1] if name else b'"id"'))

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= LARGEST_RECORD:
            self._parts.append(piece)
        elif not self._parts:
            self._parts.append(piece[:_KEPT_OF_LARGE])

    def _finished(self, after: bytes = b"") -> Iterator[tuple[int, bytes, bool]]:
        """The item; where its braces don't close, without the mark ``after`` it that belongs to the list."""
        data, oversized = b"".join(self._parts).rstrip(), self._size > LARGEST_RECORD
        if after and data.endswith(after):
            data = data[:-1].rstrip()
        self._parts, self._size, self._depth = [], 0, 0
        if oversized:
            yield self._line, data[:_KEPT_OF_LARGE], True
        elif (
            self._margin is None
            and self._again is not None
            and self._again.search(data)
            and not _is_json(data)
        ):
            yield from ((self._line, piece, False) for piece in _mended(self._again, data))
        else:
            yield self._line, data, False


def _mended(again: re.Pattern[bytes], data: bytes) -> Iterator[bytes]:
    """The items of a stretch in which one lacks a mark, each with the brace that the cut took."""
    start = 0
    for found in again.finditer(data):
        yield data[start : found.start()] + (b"}" if found[0].startswith(b"}") else b"")
        start = found.end()
    yield data[start:].rstrip(b" \t\r\n]")


def _is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True
