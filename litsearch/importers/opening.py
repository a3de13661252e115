"""Files and folders to records, and rejected records to a file that can be mended and added again."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from litsearch.errors import ImportFileError
from litsearch.importers.formats import FORMATS, detect, format_of_name
from litsearch.importers.streams import Stream
from litsearch.papers import Paper, Rejected

_STRANGERS = (
    (
        b"PK\x03\x04",
        "a zip archive or an office document",
        "Unpack it, or save the table as CSV, and add that.",
    ),
    (b"%PDF-", "a PDF", "Export its reference from where you found it (BibTeX, RIS …) and add that."),
)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """An opened file: ``records`` is read once, and closes the file at its end.

    ``mapping`` is, for a table, the column that each field is taken from. ``position`` gives the bytes of
    the file on disk read so far, and in all.
    """

    path: Path
    format: str
    mapping: Mapping[str, str]
    records: Iterator[Paper | Rejected]
    position: Callable[[], tuple[int, int]]


def open_records(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 (the user's word for it)
    mapping: Mapping[str, str] | None = None,
) -> RecordFile:
    """The records of a file, its format told by its content unless given.

    ``mapping`` says which column of a table a field is (``{"title": "Document Title"}``), over what is
    guessed. ImportFileError where the file can't be read or is none of ours; while reading, where it is
    damaged or passes a limit.
    """
    if format is not None and format not in FORMATS:
        raise ImportFileError(f"There is no format {format!r}", f"The formats are: {', '.join(FORMATS)}")
    if not path.exists():
        raise ImportFileError(f"There is no file {path}", "Check the name.")
    if not path.is_file():
        raise ImportFileError(f"{path} is no file that can be read", "Give a file or a folder of files.")
    stream = Stream(path)
    try:
        name = format or detect(stream.sample, path) or _by_name(stream, bool(mapping))
        columns, records = _reader(stream, name, mapping or {})
    except BaseException:
        stream.close()
        raise
    return RecordFile(path, name, columns, _closing(stream, records), stream.position)


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named that an importer can read, in the order of names.

    In a folder, hidden files and folders are passed over, and files of other formats; not one that can't
    be read and has the name of one of ours, so that it is missed. ImportFileError where a path is not there.
    """
    for path in paths:
        if path.is_dir():
            yield from _walked(path)
        elif path.exists():
            yield path
        else:
            raise ImportFileError(f"There is no file or folder {path}", "Check the name.")


def write_rejects(records: Iterable[Rejected], format: str, destination: Path) -> None:  # noqa: A002
    """Write the text of rejected records of one file so that it can be mended and added again.

    A table gets its head back, XML and CSL-JSON their frames.
    """
    try:
        with destination.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
            for piece in _framed((record.raw for record in records), format):
                out.write(piece)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ImportFileError(
            f"{destination} can't be written: {reason}", "Choose another place for it."
        ) from error


def _reader(
    stream: Stream, name: str, overrides: Mapping[str, str]
) -> tuple[Mapping[str, str], Iterator[Paper | Rejected]]:
    if name in ("csv", "tsv"):
        from litsearch.importers import delimited

        table = delimited.read_head(stream.sample)
        if table is None:
            raise ImportFileError(
                f"{stream.path} has no head that names its columns", "Add one as its first line."
            )
        table = delimited.mapped(table, overrides)
        return table.mapping, delimited.records(stream, table)
    module = import_module(f"litsearch.importers.{name.replace('-', '_')}")
    records: Iterator[Paper | Rejected] = module.records(stream)
    return {}, records


def _closing(stream: Stream, records: Iterator[Paper | Rejected]) -> Iterator[Paper | Rejected]:
    try:
        yield from records
    finally:
        stream.close()


def _by_name(stream: Stream, mapped: bool) -> str:
    """A table whose columns nobody knows; any other file is refused, with what to do instead."""
    if not stream.sample.strip():
        raise ImportFileError(f"{stream.path} is empty", "There is nothing in it to add.")
    for start, what, hint in _STRANGERS:
        if stream.sample.startswith(start):
            raise ImportFileError(f"{stream.path} is {what}", hint)
    if b"\0" not in stream.sample and (mapped or format_of_name(stream.path) in ("csv", "tsv")):
        return "csv"
    raise ImportFileError(
        f"{stream.path} is in no format that litsearch reads",
        "It reads BibTeX, RIS, CSL-JSON, CSV and TSV with a title column, JSON Lines, arXiv metadata, "
        "PubMed XML and MEDLINE; say which one it is if you know.",
    )


def _walked(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file() and _is_readable(path):
                yield path


def _is_readable(path: Path) -> bool:
    try:
        stream = Stream(path)
    except ImportFileError:
        return format_of_name(path) is not None
    stream.close()
    return detect(stream.sample, path) is not None


def _framed(raws: Iterator[str], format: str) -> Iterator[str]:  # noqa: A002
    match format:
        case "csv" | "tsv":
            yield from _with_head(raws)
        case "pubmed":
            yield '<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n'
            yield from (f"{raw.strip()}\n" for raw in raws)
            yield "</PubmedArticleSet>\n"
        case "csl-json":
            separator = "[\n"
            for raw in raws:
                yield separator + raw.strip()
                separator = ",\n"
            yield "[]\n" if separator == "[\n" else "\n]\n"
        case "bibtex" | "ris" | "medline":
            yield from (f"{raw.rstrip()}\n\n" for raw in raws)
        case _:
            yield from (f"{raw.strip()}\n" for raw in raws)


def _with_head(raws: Iterator[str]) -> Iterator[str]:
    """Rows under their head, which each raw row brings with it."""
    written = None
    for raw in raws:
        head, _, row = raw.partition("\n")
        if head != written:
            yield f"{head}\n"
            written = head
        yield f"{row}\n"
