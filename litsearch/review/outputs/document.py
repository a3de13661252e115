"""A report as values, which Markdown and HTML are written from."""

from dataclasses import dataclass
from typing import Literal

from litsearch.agent.events import Reference, Stance

Style = Literal["", "strong", "quote", "note"] | Stance


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it is: a writer escapes it."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """Numbers of references."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """To a file of the folder."""

    file: str


Inline = Words | Cite | Link
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 2 is a section's
    text: str
    anchor: str  # unique in the report; letters, digits and hyphens


@dataclass(frozen=True, slots=True)
class Paragraph:
    inlines: Inlines
    kind: Literal["", "warning", "note"] = ""


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they are."""

    facts: tuple[tuple[str, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    kind: Literal["", "evidence"] = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of the folder."""

    file: str
    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class References:
    references: tuple[Reference, ...]


Block = Heading | Paragraph | Items | Facts | Table | Figure | References


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    blocks: tuple[Block, ...]
