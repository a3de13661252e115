"""CSV, TSV and their kin with semicolons or bars, read by the standard library's csv a row at a time."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from litsearch.errors import ImportFileError
from litsearch.importers.columns import guess, with_overrides
from litsearch.importers.drafts import Draft
from litsearch.importers.splitting import LARGEST_RECORD, RecordError, lines, too_large
from litsearch.importers.streams import Reader, Stream, decoded
from litsearch.names import parse_name, split_names
from litsearch.papers import Paper, Rejected

DELIMITERS = (",", "\t", ";", "|")
_LONGEST_ROW = 500  # lines; a cell's opened quotation mark that is not closed by then never is
_KEPT_OF_LARGE = 2_000
_FORMULA = re.compile(
    r"\A'(?=[=+\-@\t\r＝＋－＠])"
)  # the guard that exports put before what a spreadsheet would run
_IDENTIFIERS = ("doi", "arxiv", "pmid", "pmcid", "acl", "isbn", "issn")
_PLAIN = (
    "title",
    "abstract",
    "year",
    "venue",
    "key",
    "url",
    "volume",
    "issue",
    "pages",
    "publisher",
    "language",
)
_KINDS = {
    "article": "article-journal",
    "journal article": "article-journal",
    "journalarticle": "article-journal",
    "review": "article-journal",
    "conference paper": "paper-conference",
    "conferencepaper": "paper-conference",
    "proceedings paper": "paper-conference",
    "book chapter": "chapter",
    "booksection": "chapter",
    "preprint": "article",
}

csv.field_size_limit(LARGEST_RECORD)


@dataclass(frozen=True, slots=True)
class Table:
    """A table's head: the text of its line, the columns, what parts them, and which field each is."""

    head: str
    columns: tuple[str, ...]
    delimiter: str
    mapping: Mapping[str, str]
    lines: int  # of the file, that the head takes


def read_head(sample: bytes) -> Table | None:
    """The head of a table by the file's first bytes; None where no line of them names columns."""
    text = decoded(sample.rpartition(b"\n")[0] or sample)
    skipped = 0
    for line in text.split("\n")[:5]:
        skipped += 1
        if not line.strip() or line.lower().startswith("sep="):
            continue
        tables = (_table(line, delimiter, skipped) for delimiter in DELIMITERS)
        return max(tables, key=lambda table: (len(table.mapping), len(table.columns)))
    return None


def _table(line: str, delimiter: str, skipped: int) -> Table:
    try:
        columns = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        columns = []
    heads = tuple(column.strip() for column in columns)
    return Table(line.rstrip("\r\n"), heads, delimiter, guess(heads), skipped)


def mapped(table: Table, overrides: Mapping[str, str]) -> Table:
    """The table with the user's mapping; ImportFileError where no column is the title."""
    mapping = with_overrides(table.mapping, overrides, table.columns)
    if "title" not in mapping:
        raise ImportFileError(
            "No column of the table is known to be the title",
            f"Say which one it is with --column title=COLUMN. The columns are: {', '.join(table.columns)}",
        )
    return Table(table.head, table.columns, table.delimiter, mapping, table.lines)


def records(stream: Stream, table: Table) -> Iterator[Paper | Rejected]:
    """The rows of the table; a rejected row's text has the table's head before it."""
    for number, row in enumerate(_Rows(stream.reader, table).rows(), 1):
        try:
            if row.reason:
                raise RecordError(row.reason)
            yield _paper(row.cells, table)
        except RecordError as error:
            yield Rejected(number, row.line, str(error), f"{table.head}\n{row.text}")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    text: str
    cells: list[str]
    reason: str = ""


class _Rows:
    """Rows out of lines. A row whose quotation mark is never closed costs its first line alone."""

    def __init__(self, reader: Reader, table: Table) -> None:
        self._lines = lines(reader)
        self._again: list[tuple[int, bytes]] = []  # lines to be read once more, last first
        self._number = 0
        self._delimiter = table.delimiter
        self._width = len(table.columns)
        for _ in range(table.lines):
            self._next()

    def rows(self) -> Iterator[_Row]:
        while (first := self._next()) is not None:
            number, line = first
            if len(line) > LARGEST_RECORD:
                yield _Row(number, decoded(line[:_KEPT_OF_LARGE]), [], too_large())
            elif line.strip():
                yield self._row(number, line)

    def _row(self, number: int, line: bytes) -> _Row:
        taken = [(number, line)]
        size = len(line)
        cells = self._cells(line)
        while cells is None and len(taken) < _LONGEST_ROW and size < LARGEST_RECORD:
            following = self._next()
            if following is None:
                break
            taken.append(following)
            size += len(following[1])
            if b'"' in following[1]:
                cells = self._cells(b"".join(part for _, part in taken))
        if cells is not None and len(cells) > self._width and not any(cells[self._width :]):
            cells = cells[: self._width]
        if cells is not None and (len(cells) <= self._width):
            return _Row(number, _text(b"".join(part for _, part in taken)), cells)
        self._again += taken[:0:-1]
        if cells is not None and len(taken) == 1:
            return _Row(number, _text(line), [], self._surplus(len(cells)))
        return _Row(number, _text(line), [], "a quotation mark is opened in the row and not closed")

    def _surplus(self, count: int) -> str:
        return (
            f"the row has {count} cells and the table {self._width} columns; "
            "a cell with the separator in it needs quotation marks around it"
        )

    def _cells(self, data: bytes) -> list[str] | None:
        """The cells; None where a quotation mark is still open."""
        text = decoded(data)
        if '"' not in text:
            return text.rstrip("\r\n").split(self._delimiter)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def _next(self) -> tuple[int, bytes] | None:
        if self._again:
            return self._again.pop()
        for line, begins in self._lines:
            if begins:
                self._number += 1
                return self._number, line
        return None


def _text(data: bytes) -> str:
    return decoded(data).rstrip("\r\n")


def _paper(cells: list[str], table: Table) -> Paper:
    cells = cells + [""] * (len(table.columns) - len(cells))
    values = {head: _FORMULA.sub("", cell) for head, cell in zip(table.columns, cells, strict=False)}
    take = {field: values.pop(head, "").strip() for field, head in table.mapping.items()}
    draft = Draft.of({field: take[field] for field in _PLAIN if take.get(field)})
    kind = take.get("kind", "")
    draft.kind = _KINDS.get(kind.lower(), kind if re.fullmatch(r"[a-z-]+", kind) else "")
    if kind and not draft.kind:
        draft.keep("type", kind)
    if not draft.pages:
        draft.pages = "–".join(filter(None, (take.get("first_page"), take.get("last_page"))))
    draft.authors = [parse_name(name) for name in split_names(take.get("authors", ""))]
    draft.keywords = _list(take.get("keywords", ""))
    draft.references = _list(take.get("references", "")) if "doi:" in take.get("references", "") else []
    for scheme in _IDENTIFIERS:
        for value in re.split(r"[;,\s]+(?=\S)", take.get(scheme, "")):
            draft.identify(scheme, value)
    for head, value in values.items():
        draft.keep(head, value.strip())
    return draft.paper()


def _list(cell: str) -> list[str]:
    separator = next((mark for mark in (";", "|", "\n") if mark in cell), ",")
    return [part.strip() for part in cell.split(separator)]
