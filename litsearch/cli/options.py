"""Options that several commands share, each said once."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexes.types import LEGS, Filters, LegName
from litsearch.exporters import Format

if TYPE_CHECKING:
    from litsearch.library import Library

Years = tuple[int | None, int | None]


def parse_years(text: str) -> Years:
    """``2017``, ``2015-2020``, ``2015-`` or ``-2020``. Raises BadParameter."""
    found = re.fullmatch(r"(\d{1,4})|(\d{1,4})?-(\d{1,4})?", text.strip())
    if found is None or text.strip() == "-":
        raise typer.BadParameter(
            f"{text!r} is no year or range: write 2017, 2015-2020, 2015- or -2020.", param_hint="--year"
        )
    if found[1]:
        return int(found[1]), int(found[1])
    first, last = (int(year) if year else None for year in found.group(2, 3))
    if first is not None and last is not None and first > last:
        raise typer.BadParameter(f"{text!r} ends before it begins.", param_hint="--year")
    return first, last


def parse_legs(text: str | None) -> tuple[LegName, ...] | None:
    """Legs parted by commas, in the order in which they are fused. Raises BadParameter."""
    if text is None:
        return None
    names = {name.strip() for name in text.split(",")}
    legs = tuple(leg for leg in LEGS if leg in names)
    if len(legs) != len(names):
        raise typer.BadParameter(
            f"{text!r}: the legs are {', '.join(LEGS)}; part several by commas.", param_hint="--legs"
        )
    return legs


KeysArgument = Annotated[
    list[str], typer.Argument(metavar="KEY", help="Keys or identifiers (doi:..., arxiv:...).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Write the papers in this format.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, not to stdout.")
]
TagsOption = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Papers with this tag; may be repeated.")
]
CollectionsOption = Annotated[
    list[str] | None,
    typer.Option("--collection", metavar="NAME", help="Papers of this collection; may be repeated."),
]
LegsOption = Annotated[
    str | None,
    typer.Option("--legs", "--leg", metavar="LEG,...", help="These legs alone: bm25, sparse, dense."),
]
CountOption = Annotated[
    int, typer.Option("-k", "--count", min=1, metavar="N", help="How many papers to show.")
]

RerankOption = Annotated[
    str | None,
    typer.Option(
        metavar="SPEC", help="Let a cross-encoder, st:NAME-OR-PATH, order the best papers anew; or none."
    ),
]


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What narrows a search; repeated options are alternatives."""

    year: Annotated[str | None, typer.Option(metavar="YEARS", help="2017, 2015-2020, 2015- or -2020.")] = None
    author: Annotated[list[str] | None, typer.Option(metavar="NAME", help="An author's name.")] = None
    venue: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Words of the venue.")] = None
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="The file the paper came from.")
    ] = None
    tag: TagsOption = None
    collection: CollectionsOption = None
    has_abstract: Annotated[
        bool | None, typer.Option("--has-abstract/--no-abstract", help="Papers with or without an abstract.")
    ] = None

    def filters(self, library: "Library") -> Filters:
        """Raises LibraryError for a tag or collection that is not there."""
        ids = None
        if self.tag or self.collection:
            ids = library.ids_of(tags=tuple(self.tag or ()), collections=tuple(self.collection or ()))
        first, last = parse_years(self.year) if self.year else (None, None)
        return Filters(
            year_from=first,
            year_to=last,
            authors=tuple(self.author or ()),
            venues=tuple(self.venue or ()),
            sources=tuple(self.source or ()),
            ids=ids,
            has_abstract=self.has_abstract,
        )

    def __str__(self) -> str:
        """As the user would type them."""
        words = [f"--year {self.year}"] if self.year else []
        for name in ("author", "venue", "source", "tag", "collection"):
            words += [f"--{name} {value!r}" for value in getattr(self, name) or ()]
        if self.has_abstract is not None:
            words.append("--has-abstract" if self.has_abstract else "--no-abstract")
        return " ".join(words)
