"""Commands on single papers: ``show``, ``keyphrases``, ``remove``, ``tag`` and ``collect``."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from litsearch.cli.command import command
from litsearch.cli.failures import NOTHING
from litsearch.cli.opening import open_for_reading, open_library
from litsearch.cli.options import CountOption, FormatOption, JsonOption, KeysArgument
from litsearch.cli.screen import line, plural, say, write
from litsearch.cli.search import paper_named
from litsearch.config import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litsearch.library import Library
    from litsearch.papers import StoredPaper


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for each in (show, keyphrases, remove, tag, collect):
        command(app)(each)


def show(
    settings: Settings,
    keys: KeysArgument,
    json: JsonOption = False,
    format: FormatOption = None,  # noqa: A002
) -> None:
    """Show papers with all that the library has of them, and what you noted of them."""
    from litsearch.notes import note

    with open_for_reading(settings) as opened:
        papers = named(opened.library, keys)
        if format:
            from litsearch.exporters import export

            for piece in export(papers, format):
                write(piece)
            return
        from litsearch.cli.render_papers import paper_json, show_paper

        for paper in papers:
            noted = note(opened.library, paper.id)
            if json:
                write(paper_json(paper, noted) + "\n")
            else:
                show_paper(paper, noted)


def keyphrases(
    settings: Settings, keys: KeysArgument, count: CountOption = 12, json: JsonOption = False
) -> None:
    """Show what papers are about: their heaviest concepts and words, also some that they don't name."""
    import json as jsonlib

    with open_for_reading(settings) as opened:
        for paper in named(opened.library, keys):
            document = opened.library.documents([paper.id])[paper.id]
            found = opened.index.keyphrases(document)[:count]
            if not found:
                say("There is no sparse index. Build it with: litsearch models use shipped --leg sparse")
                raise typer.Exit(NOTHING)
            if json:
                phrases = [asdict(each) for each in found]
                write(jsonlib.dumps({"key": paper.key, "keyphrases": phrases}, ensure_ascii=False) + "\n")
                continue
            write(f"{paper.key}: {line(paper.paper.title)}\n")
            for each in found:
                note = "" if each.stands else "  (not in the text)"
                write(f"{each.weight:7.2f}  {line(each.phrase)}{note}\n")


def remove(settings: Settings, keys: KeysArgument) -> None:
    """Remove papers from the library."""
    from litsearch.cli.add import bring_up_to_date

    with open_library(settings) as library:
        removed = library.remove([paper.key for paper in named(library, keys)])
        write(f"Removed {plural(removed, 'paper')}.\n")
        bring_up_to_date(library)


def tag(
    settings: Settings,
    keys: KeysArgument,
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Give the papers this tag.")] = None,
    untag: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="Take this tag from the papers.")
    ] = None,
) -> None:
    """Give tags to papers and take them away."""
    if not tag and not untag:
        raise typer.BadParameter("Name a tag with --tag or --untag.")
    with open_library(settings) as library:
        papers = [paper.key for paper in named(library, keys)]
        if tag:
            library.tag(papers, tag)
        if untag:
            library.untag(papers, untag)
        for paper in named(library, papers):
            write(f"{paper.key}: {', '.join(paper.tags) or 'no tags'}\n")


def collect(
    settings: Settings,
    keys: KeysArgument,
    into: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Put the papers into this collection.")
    ] = None,
    out_of: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Take the papers out of this collection.")
    ] = None,
) -> None:
    """Put papers into collections and take them out."""
    if not into and not out_of:
        raise typer.BadParameter("Name a collection with --into or --out-of.")
    with open_library(settings) as library:
        papers = [paper.key for paper in named(library, keys)]
        if into:
            library.collect(papers, into)
        if out_of:
            library.uncollect(papers, out_of)
        for paper in named(library, papers):
            write(f"{paper.key}: {', '.join(paper.collections) or 'no collection'}\n")


def named(library: "Library", names: "Sequence[str]") -> "list[StoredPaper]":
    """The papers of those keys or identifiers. Raises LibraryError for the first that is not there."""
    return [paper_named(library, name) for name in names]
