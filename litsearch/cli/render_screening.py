"""Screenings on the screen and as JSON."""

import json
from collections.abc import Iterator, Sequence

from litsearch.cli.screen import console, line, on_terminal, safe, write
from litsearch.papers import StoredPaper
from litsearch.screening.progress import Progress
from litsearch.screening.screenings import Screening


def write_json(values: object) -> None:
    """One line of JSON."""
    write(safe(json.dumps(values, ensure_ascii=False)) + "\n")


def screening_json(screening: Screening) -> dict[str, object]:
    return {
        "name": screening.name,
        "question": screening.question,
        "include": list(screening.include),
        "exclude": list(screening.exclude),
        "query": screening.candidates,
    }


def progress_json(state: Progress) -> dict[str, object]:
    return {
        "candidates": state.candidates,
        "included": state.included,
        "maybe": state.maybe,
        "excluded": state.excluded,
        "left": state.left,
        "bound": state.bound,
        "statement": state.statement,
    }


def show_papers(papers: Sequence[StoredPaper]) -> None:
    """Key, year and title of each: folded into columns on a terminal, a line each where it is piped."""
    rows = [(stored.key, str(stored.paper.year or ""), line(stored.paper.title)) for stored in papers]
    if not on_terminal():
        for each in rows:
            write("  ".join(cell for cell in each if cell) + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    for style in ("bold", "dim", ""):
        grid.add_column(overflow="fold", style=style)
    for each in rows:
        grid.add_row(*(Text(safe(cell)) for cell in each))
    console().print(grid)


def show_screening(screening: Screening, state: Progress) -> None:
    """What it asks, its counts, and what they say of the papers that are left."""
    from rich.text import Text

    for name, value in _told(screening, state):
        if value:
            write(f"{name}: {line(value)}\n")
    if on_terminal():
        console().print(Text(state.statement))
    else:
        write(f"{state.statement}\n")


def _told(screening: Screening, state: Progress) -> Iterator[tuple[str, str]]:
    yield "screening", screening.name
    yield "question", screening.question
    for criterion in screening.include:
        yield "include", criterion
    for criterion in screening.exclude:
        yield "exclude", criterion
    yield "papers that match", screening.candidates
    for name in ("candidates", "included", "maybe", "excluded", "left"):
        yield name, f"{getattr(state, name):,}"
