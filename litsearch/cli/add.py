"""``litsearch add``: files to papers of the library, and then the index."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexes.types import Progress
from litsearch.cli.command import command
from litsearch.cli.failures import ERROR, INTERRUPTED, NOTHING, report
from litsearch.cli.opening import open_library
from litsearch.cli.options import JsonOption
from litsearch.cli.progress import Meter, metered
from litsearch.cli.screen import line, plural, say, write
from litsearch.config import Settings

if TYPE_CHECKING:
    from litsearch.importers import RecordFile
    from litsearch.ingest import ImportReport
    from litsearch.library import Library

_SHOWN = 5  # rejected records on the screen; all are in the file


def _column(text: str) -> tuple[str, str]:
    field, separator, column = text.partition("=")
    if not separator or not field.strip() or not column.strip():
        raise typer.BadParameter(
            f"{text!r}: write FIELD=COLUMN, such as title=Document Title.", param_hint="--column"
        )
    return field.strip(), column.strip()


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app)(add)


def add(
    settings: Settings,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Files, plain or .gz/.xz/.zst, and folders.")
    ],
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Give every paper this tag.")] = None,
    collection: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Put every paper into this collection.")
    ] = None,
    format: Annotated[  # noqa: A002
        str | None, typer.Option(metavar="FORMAT", help="The files' format, where it is not seen from them.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=COLUMN", help="Which column of a CSV or TSV file is a field."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where rejected records go, to be mended and added again."),
    ] = None,
    index: Annotated[
        bool, typer.Option("--index/--no-index", help="Bring the index up to date afterwards.")
    ] = True,
    json: JsonOption = False,
) -> None:
    """Add papers from files and folders.

    Formats: BibTeX, RIS, CSL-JSON, CSV and TSV, JSON Lines (ours, BEIR, arXiv metadata), PubMed XML, MEDLINE.
    Adding a file again changes nothing; the same paper from two files becomes one.
    """
    from litsearch.importers import find_files

    labels = _Labels(tuple(tag or ()), tuple(collection or ()))
    files = list(find_files(paths))
    if not files:
        say("There is no file of a format that litsearch reads.")
        raise typer.Exit(NOTHING)
    with open_library(settings, create=True) as library:
        with metered() as meter:
            adding = _Adding(
                library, labels, format, dict(_column(text) for text in column or ()), rejects, meter
            )
            reports, failed = _add_all(adding, files, as_json=json)
        interrupted = any(each.interrupted for each in reports)
        if interrupted:
            say("Interrupted. What the counts say is in the library; add the file again for the rest.")
        elif index and any(each.read for each in reports):
            interrupted = not bring_up_to_date(library)
        if not json:
            write(f"The library has {plural(library.count(), 'paper')}.\n")
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if failed:
        raise typer.Exit(ERROR)
    if sum(each.read for each in reports) == sum(each.rejected for each in reports):
        raise typer.Exit(NOTHING)


def bring_up_to_date(library: "Library") -> bool:
    """Has every leg catch up with the library; False where the user interrupted it."""
    from indexes.errors import IndexBusyError
    from indexes.hybrid import HybridIndex

    try:
        with metered() as meter:
            HybridIndex.open(library.index_folder, library).update(
                on_progress=lambda progress: meter(progress, None),
                on_wait=lambda: say("Another process is indexing: waiting for it ..."),
            )
    except IndexBusyError:
        say(
            "note: Another process is still indexing. The papers are in the library; the index will catch up."
        )
        say("hint: See how far it is with: litsearch index status")
    except KeyboardInterrupt:
        say("Interrupted. The papers are in the library; go on indexing with: litsearch index update")
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Labels:
    tags: tuple[str, ...]
    collections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Adding:
    """What adding each of the files has in common."""

    library: "Library"
    labels: _Labels
    format: str | None
    mapping: Mapping[str, str]
    rejects: Path | None
    meter: Meter


def _add_all(adding: _Adding, files: Sequence[Path], *, as_json: bool) -> tuple[list["ImportReport"], bool]:
    """A report for each file that could be read, until interrupted, and whether one could not."""
    from litsearch.errors import ImportFileError

    sizes = [path.stat().st_size for path in files]
    reports: list[ImportReport] = []
    failed = False
    for number, path in enumerate(files):
        try:
            done = _add_file(adding, path, before=sum(sizes[:number]), whole=sum(sizes), as_json=as_json)
        except ImportFileError as error:
            report(error)
            failed = True
            continue
        reports.append(done)
        if done.damage is not None:
            report(done.damage)
            failed = True
        if done.interrupted:
            break
    return reports, failed


def _add_file(adding: _Adding, path: Path, *, before: int, whole: int, as_json: bool) -> "ImportReport":
    from litsearch.importers import open_records, write_rejects
    from litsearch.ingest import ingest
    from litsearch.rejects import spool

    file = open_records(path, format=adding.format, mapping=adding.mapping or None)
    if file.mapping:
        columns = ", ".join(f"{field}={column}" for field, column in file.mapping.items())
        say(f"{path.name}: columns are read as {columns} (change them with --column)")

    def on_progress(progress: Progress) -> None:
        adding.meter(
            Progress(f"{path.name}: papers", progress.done), (before + file.position()[0]) / max(whole, 1)
        )

    with spool() as kept:
        done = ingest(
            adding.library,
            kept.keeping(file.records),
            source=path.name,
            tags=adding.labels.tags,
            collections=adding.labels.collections,
            on_progress=on_progress,
        )
        rejects = _rejects_file(adding, done, path) if kept.count else None
        if rejects:
            write_rejects(kept.read(), file.format, rejects)
    _show(done, file, rejects, as_json=as_json)
    return done


def _rejects_file(adding: _Adding, done: "ImportReport", path: Path) -> Path:
    from litsearch.rejects import place

    if adding.rejects is None:
        return place(adding.library.folder, done.import_id, path)
    destination, number = adding.rejects, 1
    while destination.exists():
        number += 1
        destination = adding.rejects.with_stem(f"{adding.rejects.stem}-{number}")
    return destination


def _show(done: "ImportReport", file: "RecordFile", rejects: Path | None, *, as_json: bool) -> None:
    counts = {name: getattr(done, name) for name in ("added", "updated", "unchanged", "merged", "rejected")}
    if as_json:
        values = {"import": done.import_id, "source": done.source, "format": file.format, "read": done.read}
        values |= {**counts, "interrupted": done.interrupted, "rejects": str(rejects) if rejects else None}
        write(json.dumps(values, ensure_ascii=False) + "\n")
    else:
        said = " + ".join(f"{count:,} {name}" for name, count in counts.items())
        write(f"{line(done.source)} ({file.format}): {plural(done.read, 'record')} = {said}\n")
    for problem in done.problems[:_SHOWN]:
        where = f"record {problem.number}" + (f", line {problem.line}" if problem.line else "")
        say(f"  rejected: {line(done.source)}, {where}: {line(problem.reason)}")
    if done.rejected > _SHOWN:
        say(f"  and {done.rejected - _SHOWN:,} more")
    if rejects:
        say(f"  Rejected records are in {rejects}: mend them and add that file.")
