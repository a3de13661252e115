"""``litsearch library``: what is in the library, where it came from, and the way back."""

import json as jsonlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from litsearch.cli.command import callback, command
from litsearch.cli.failures import NOTHING
from litsearch.cli.opening import open_library
from litsearch.cli.options import CollectionsOption, JsonOption, OutputOption, TagsOption
from litsearch.cli.screen import line, plural, safe, say, write
from litsearch.config import Settings
from litsearch.exporters import Format

if TYPE_CHECKING:
    from pathlib import Path

    from litsearch.history import ImportRecord, MergeRecord, SearchRecord

R = TypeVar("R", "ImportRecord", "MergeRecord", "SearchRecord")

_DIGITS = 18  # of the numbers that SQLite counts with

app = typer.Typer(name="library", help="What is in the library, where it came from, and the way back.")


@callback(app)
def status(settings: Settings, json: JsonOption = False) -> None:
    """Papers, tags, collections and sources of the library; see the commands below for more."""
    with open_library(settings) as library:
        stats = asdict(library.stats())
        if json:
            _write_json([{"folder": str(library.folder), **stats}])
            return
        write(f"{library.folder}\n")
        for name, value in stats.items():
            _write_count(name.replace("_", " "), value)


@command(app)
def imports(settings: Settings, json: JsonOption = False) -> None:
    """Every import, oldest first, with its counts."""
    with open_library(settings) as library:
        _write_records(library.imports(), _told_import, as_json=json, none="Nothing was imported yet.")


@command(app)
def merges(
    settings: Settings,
    all: Annotated[  # noqa: A002
        bool, typer.Option("--all", help="Also those that are confirmed or undone.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """The merges to be looked at.

    Which two records were taken for one paper, and why. Those that you confirmed, and those that are undone,
    are left out.
    """
    with open_library(settings) as library:
        made = library.merges()
    found = [merge for merge in made if all or not merge.is_settled]
    none = "No merge is left to be looked at." if made else "Nothing was merged yet."
    _write_records(found, _told_merge, as_json=json, none=none)
    if settled := len(made) - len(found):
        say(f"{plural(settled, 'merge')} more, confirmed or undone: --all lists them too.")


@command(app)
def confirm(
    settings: Settings,
    merges: Annotated[
        list[str], typer.Argument(metavar="MERGE", help="Numbers of merges, or keys of merged papers.")
    ],
    undo: Annotated[bool, typer.Option("--undo", help="They are to be looked at again.")] = False,
) -> None:
    """Say of merges that they are right.

    They are no longer listed among those to be looked at.
    """
    with open_library(settings) as library:
        count = library.confirm_merges([_merge(each) for each in merges], confirmed=not undo)
    write(f"{'To be looked at again' if undo else 'Confirmed'}: {plural(count, 'merge')}\n")


@command(app)
def unmerge(
    settings: Settings,
    merge: Annotated[
        str, typer.Argument(metavar="MERGE", help="Number of the merge, or key of the merged paper.")
    ],
) -> None:
    """Take a merge back; the two papers stay apart from then on."""
    from litsearch.cli.add import bring_up_to_date

    with open_library(settings) as library:
        apart = library.unmerge(_merge(merge))
        write(f"Apart again: {', '.join(paper.key for paper in apart)}\n")
        bring_up_to_date(library)


@command(app)
def undo_import(
    settings: Settings, number: Annotated[int, typer.Argument(metavar="IMPORT", help="Number of the import.")]
) -> None:
    """Take an import back, with all that it changed."""
    from litsearch.cli.add import bring_up_to_date

    with open_library(settings) as library:
        library.undo_import(number)
        write(f"Undid import {number}; the library has {plural(library.count(), 'paper')}.\n")
        bring_up_to_date(library)


@command(app)
def searches(settings: Settings, json: JsonOption = False) -> None:
    """Every search that was made, as PRISMA-S asks."""
    with open_library(settings) as library:
        _write_records(library.searches(), _told_search, as_json=json, none="Nothing was searched yet.")


@command(app)
def export(
    settings: Settings,
    format: Annotated[Format, typer.Option(help="The format to write.")] = "jsonl",  # noqa: A002
    tag: TagsOption = None,
    collection: CollectionsOption = None,
    output: OutputOption = None,
) -> None:
    """Write papers of the library in a file format."""
    from litsearch.exporters import export as exported

    with open_library(settings) as library:
        wanted = library.ids_of(tags=tag or (), collections=collection or ()) if tag or collection else None
        papers = (paper for paper in library.all() if wanted is None or paper.id in wanted)
        write_to(output, exported(papers, format))


@command(app)
def check(settings: Settings) -> None:
    """Look for damage in the library."""
    with open_library(settings) as library:
        problems = library.check()
    for problem in problems:
        write(f"{line(problem)}\n")
    if problems:
        raise typer.Exit(NOTHING)
    write("The library is sound.\n")


def _merge(name: str) -> int | str:
    """A merge as the user names it: by its number, or by the key of a paper, which may be a longer number."""
    return int(name) if name.isdecimal() and len(name) <= _DIGITS else name


def write_to(output: "Path | None", pieces: Iterable[str]) -> None:
    """The pieces to a file, whole or not at all, or to stdout."""
    if output is None:
        for piece in pieces:
            write(piece)
        return
    from litsearch.exporters.files import write_whole

    write_whole(output, pieces)
    say(f"Wrote {output}")


def _write_count(name: str, value: object) -> None:
    if isinstance(value, Mapping):
        write(f"{name}: {len(value):,}\n")
        for each, count in value.items():
            write(f"  {line(str(each))}  {count:,}\n")
    elif isinstance(value, int):
        write(f"{name}: {value:,}\n")
    else:
        write(f"{name}: {line(str(value))}\n")


def _write_records(
    records: Sequence[R], told: Callable[[R], Iterator[str]], *, as_json: bool, none: str
) -> None:
    """Records as JSON, or each as a line with the rest of what there is to say indented below it."""
    if as_json:
        _write_json(asdict(record) for record in records)
    elif not records:
        say(none)
    for record in () if as_json else records:
        first, *rest = (line(each) for each in told(record))
        write("\n    ".join([first, *rest]) + "\n")


def _told_import(record: "ImportRecord") -> Iterator[str]:
    yield f"{record.id} {record.started_at} {record.source}"
    outcomes = ("added", "updated", "unchanged", "merged", "rejected")
    counts = ", ".join(f"{getattr(record, each):,} {each}" for each in outcomes if getattr(record, each))
    yield f"{plural(record.read, 'record')}: {counts or 'none taken'}"
    if record.undone_at:
        yield f"undone {record.undone_at}"
    elif not record.finished_at:
        yield "not finished"


def _told_merge(record: "MergeRecord") -> Iterator[str]:
    yield f"{record.id} {record.at} {record.key}"
    yield record.title
    name = f"{record.name} of " if record.name and not record.name.startswith("#") else "a record of "
    yield f"took in {record.absorbed or name + record.source}: same {record.why}"
    if record.undone_at:
        yield f"undone {record.undone_at}"
    elif record.confirmed_at:
        yield f"confirmed {record.confirmed_at}"


def _told_search(record: "SearchRecord") -> Iterator[str]:
    yield f"{record.at} {record.text}"
    filters = f", {record.filters}" if record.filters else ""
    yield f"{plural(record.count, 'paper')}{filters}, library at revision {record.revision:,}"


def _write_json(values: Iterable[Mapping[str, object]]) -> None:
    for each in values:
        write(safe(jsonlib.dumps(each, ensure_ascii=False, default=str)) + "\n")
