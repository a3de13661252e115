"""``litsearch index``: the legs, how far each has come, and how to mend one."""

import json as jsonlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexes.types import LEGS, Coverage, Progress
from litsearch.cli.command import command
from litsearch.cli.failures import INTERRUPTED, NOTHING
from litsearch.cli.opening import open_library
from litsearch.cli.options import JsonOption, LegsOption, parse_legs
from litsearch.cli.progress import metered
from litsearch.cli.screen import line, plural, say, write
from litsearch.config import Settings

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex
    from litsearch.library import Library

app = typer.Typer(
    name="index",
    help="How far the indexes have come, and how to mend one.",
    no_args_is_help=True,
)


@command(app)
def status(settings: Settings, json: JsonOption = False) -> None:
    """What each leg covers of the library."""
    with open_library(settings) as library:
        for each in open_index(library).status():
            write((jsonlib.dumps(asdict(each)) if json else _told(each, library.count())) + "\n")


@command(app)
def update(settings: Settings, leg: LegsOption = None) -> None:
    """Have the legs catch up with the library."""
    with open_library(settings) as library, working() as on_progress:
        open_index(library).update(legs=parse_legs(leg), on_progress=on_progress, on_wait=say_waiting)
    say("The index is up to date.")


@command(app)
def rebuild(settings: Settings, leg: LegsOption = None) -> None:
    """Build legs anew; the old ones serve until the new ones are complete."""
    legs = parse_legs(leg)
    with open_library(settings) as library, working() as on_progress:
        index = open_index(library)
        status = index.status()
        there = [each.leg for each in status if each.leg == "bm25" or each.encoder]
        kept = there if any(each.present for each in status) else LEGS
        index.rebuild(legs or kept, on_progress=on_progress, on_wait=say_waiting)
    say("The index is rebuilt.")


@command(app)
def export(
    settings: Settings,  # noqa: ARG001 (every command takes the common options)
    name: Annotated[
        str, typer.Argument(help="A SentenceTransformer by folder, or by name, which permits its download.")
    ],
    folder: Annotated[Path, typer.Argument(help="Where to put it; then name it as onnx:FOLDER.")],
) -> None:
    """Export a dense model to ONNX in 8 bits, which searches without torch and encodes faster."""
    from indexes.export import export_onnx
    from litsearch.cli.models import fetched

    fetched(f"st:{name}", "dense")
    export_onnx(name, folder)
    say(f"Exported. Use it with: litsearch models use onnx:{folder}")


@command(app)
def verify(settings: Settings) -> None:
    """Look for damage in the index."""
    with open_library(settings) as library:
        problems = open_index(library).verify()
    for problem in problems:
        write(f"{line(problem)}\n")
    if problems:
        raise typer.Exit(NOTHING)
    write("The index is sound.\n")


def open_index(library: "Library") -> "HybridIndex":
    """The index of a library."""
    from indexes.hybrid import HybridIndex

    return HybridIndex.open(library.index_folder, library)


def say_waiting() -> None:
    """Tell that another process holds the writer's lock."""
    say("Another process is indexing: waiting for it ...")


@contextmanager
def working() -> Iterator[Callable[[Progress], None]]:
    """Progress of indexing on stderr; an interruption says how to go on."""
    try:
        with metered() as meter:
            yield lambda progress: meter(progress, None)
    except KeyboardInterrupt:
        say("Interrupted. What was indexed is kept; go on with: litsearch index update")
        raise typer.Exit(INTERRUPTED) from None


def _told(coverage: Coverage, papers: int) -> str:
    if not coverage.present:
        return f"{coverage.leg}: absent. {line(coverage.note)}".rstrip()
    words = f"{coverage.leg}: {coverage.documents:,} of {plural(papers, 'paper')}, {size(coverage.bytes)}"
    if coverage.encoder:
        words += f", encoder {line(coverage.encoder)}"
    words += f", {plural(coverage.behind, 'change')} behind" if coverage.behind else ", up to date"
    return f"{words}. {line(coverage.note)}" if coverage.note else words


def size(count: float) -> str:
    """``23 MB``."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:,.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"
