"""File formats out: papers to text, one format per module."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Literal, get_args

from litsearch.papers import StoredPaper

Format = Literal["bibtex", "ris", "csl-json", "csv", "markdown", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)


def export(papers: Iterable[StoredPaper], format: Format) -> Iterator[str]:  # noqa: A002 (the user's word for it)
    """The papers as text in pieces, in their order; joined, the pieces are the whole file."""
    module = import_module(f"litsearch.exporters.{format.replace('-', '_')}")
    pieces: Iterator[str] = module.write(papers)
    return pieces
