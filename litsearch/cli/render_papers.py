"""One paper on the screen and as JSON, with all that the library has of it."""

import json
from collections.abc import Iterator

from litsearch.cli.screen import line, page, safe
from litsearch.exporters.citation import web_link
from litsearch.exporters.jsonl import record
from litsearch.papers import StoredPaper


def paper_json(stored: StoredPaper, note: str) -> str:
    """As in litsearch's own JSON Lines, with the note where there is one."""
    return safe(json.dumps({**record(stored), **({"note": note} if note else {})}, ensure_ascii=False))


def show_paper(stored: StoredPaper, note: str) -> None:
    """Title, abstract, every field that has a value, and the note, on stdout."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    paper = stored.paper
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in _fields(stored):
        if value:
            table.add_row(Text(line(name)), Text(line(value)))
    if note:
        table.add_row(Text("note"), Text(safe(note)))
    with page() as screen:
        screen.print(Text(line(paper.title), "bold"))
        if paper.authors:
            screen.print(Text(", ".join(line(author.name) for author in paper.authors)))
        if paper.is_summary:
            screen.print(Text("\nlitsearch's summary of the paper:", "italic"), end="")
        screen.print(Padding(Text(line(paper.abstract)), (1, 0)))
        screen.print(table)
        screen.print()


def _fields(stored: StoredPaper) -> Iterator[tuple[str, str]]:
    paper = stored.paper
    identifiers = [str(identifier) for identifier in paper.identifiers]
    yield "key", stored.key
    yield "year", "" if paper.year is None else str(paper.year)
    yield "venue", paper.venue
    yield (
        "in",
        ", ".join(
            f"{name} {value}"
            for name, value in (("volume", paper.volume), ("issue", paper.issue), ("pages", paper.pages))
            if value
        ),
    )
    yield "type", paper.kind
    yield "publisher", paper.publisher
    yield "language", paper.language
    yield "ids", ", ".join(identifiers)
    yield "link", web_link(identifiers, paper.url)
    yield "keywords", ", ".join(paper.keywords)
    yield "tags", ", ".join(stored.tags)
    yield "collections", ", ".join(stored.collections)
    yield "references", ", ".join(paper.references)
    yield "sources", ", ".join(stored.sources)
    yield "added", stored.added_at
    yield from sorted(paper.extra.items())
