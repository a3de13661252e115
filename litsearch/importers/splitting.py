"""A stream cut at its record starts, so that memory stays flat and a bad record costs itself alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from litsearch.importers.streams import Reader, decoded
from litsearch.papers import Paper, Rejected

# A record of a megabyte is a book's worth of references; ten is a file that isn't what it seems.
LARGEST_RECORD = 10 << 20
_KEPT_OF_LARGE = 2_000  # bytes of a record beyond the limit that are shown


class RecordError(Exception):
    """A record can't be taken; the message says why, in words a librarian understands."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as it stands in the file. Beyond the limit ``data`` is only its beginning."""

    number: int
    line: int
    data: bytes
    oversized: bool = False

    @property
    def text(self) -> str:
        return decoded(self.data)

    def rejected(self, reason: str) -> Rejected:
        return Rejected(self.number, self.line, reason, self.text.rstrip())


def read(raws: Iterator[RawRecord], parse: Callable[[str], Paper]) -> Iterator[Paper | Rejected]:
    """Each raw record as a paper, or as the rejection that says why it is none."""
    for raw in raws:
        if raw.oversized:
            yield raw.rejected(too_large())
            continue
        try:
            yield parse(raw.text)
        except RecordError as error:
            yield raw.rejected(str(error))


def too_large() -> str:
    return f"the record is larger than {LARGEST_RECORD >> 20} MB; only its beginning is kept here"


def lines(reader: Reader) -> Iterator[tuple[bytes, bool]]:
    """The lines with their ends, and whether the piece begins a line: very long lines come in pieces."""
    starts = True
    while line := reader.readline(LARGEST_RECORD + 1):
        yield line, starts
        starts = line.endswith(b"\n")


def split_at(reader: Reader, starts: Callable[[bytes], bool]) -> Iterator[RawRecord]:
    """The records that begin at lines which ``starts`` accepts; what stands before the first is no record."""
    number = line_number = first = size = 0
    parts: list[bytes] = []
    for line, begins in lines(reader):
        line_number += begins
        if begins and starts(line):
            if number:
                yield _joined(number, first, parts, size)
            number += 1
            first, size, parts = line_number, 0, []
        elif not number:
            continue
        size += len(line)
        if size <= LARGEST_RECORD:
            parts.append(line)
        elif not parts:
            parts.append(line[:_KEPT_OF_LARGE])
    if number:
        yield _joined(number, first, parts, size)


def split_lines(reader: Reader) -> Iterator[RawRecord]:
    """Each line that is not blank is a record."""
    number = line_number = 0
    long: RawRecord | None = None
    for line, begins in lines(reader):
        if not begins:
            continue
        line_number += 1
        if len(line) > LARGEST_RECORD:
            number += 1
            long = RawRecord(number, line_number, line[:_KEPT_OF_LARGE], oversized=True)
            yield long
        elif not line.isspace():
            number += 1
            yield RawRecord(number, line_number, line)


def _joined(number: int, line: int, parts: list[bytes], size: int) -> RawRecord:
    data = b"".join(parts)
    if size > LARGEST_RECORD:
        return RawRecord(number, line, data[:_KEPT_OF_LARGE], oversized=True)
    return RawRecord(number, line, data)
