"""The syntax tree of the query language: frozen values, made by the parser, read by everything else."""

from dataclasses import dataclass
from typing import TypeAlias

from indexes.analysis import is_stop_word

TEXT_FIELDS: tuple[str, ...] = ("title", "abstract")
NAME_FIELDS: tuple[str, ...] = ("author", "venue", "source", "keyword")
EXACT_FIELDS: tuple[str, ...] = ("id", "doi", "arxiv", "pmid", "pmcid", "acl", "key")
FIELDS: tuple[str, ...] = (*TEXT_FIELDS, *NAME_FIELDS, "year", *EXACT_FIELDS)


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of text without spaces, as it was typed (``COVID-19``, ``models?``)."""

    text: str
    field: str = ""  # title and abstract when empty


@dataclass(frozen=True, slots=True)
class Prefix:
    """``trunc*``; the text is without its star."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted words, exact and in order, or within ``slop`` moves of that. A star may end the last word."""

    text: str
    slop: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class Years:
    """Both ends inclusive; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Required:
    """``+node`` in free text."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Free:
    """Free text: bare words rank, everything that was marked in some way must be met."""

    nodes: tuple["Node", ...]


Leaf: TypeAlias = Word | Prefix | Phrase | Years
Node: TypeAlias = Leaf | Not | And | Or | Required | Free


def strict(node: Node) -> Node:
    """A node as an operand: of words side by side all must occur, stop words only if there are no others."""
    if isinstance(node, Required):
        return node.node
    if not isinstance(node, Free):
        return node
    nodes = [strict(part) for part in node.nodes]
    telling = [
        part for part in nodes if not (isinstance(part, Word) and not part.field and is_stop_word(part.text))
    ]
    kept = telling or nodes
    return kept[0] if len(kept) == 1 else And(tuple(kept))
