"""The query language and what each leg needs to know of a query.

Words rank; everything that is marked must be met: a ``"quoted phrase"`` (``"…"~5`` lets its words stand
apart), ``field:value``, ``trunc*``, ``+word``; ``-word`` and ``NOT word`` must not occur. AND, OR (in
capitals) and parentheses combine; of words side by side in an operand all must occur. Years take ranges:
``year:2015..2020``, ``year:>=2019``, ``year:[2015 TO 2020]``. Everything else is plain text.

Two kinds of text are plain as a whole: a dozen words or more without AND, OR, NOT, ``+``, ``~`` and fields
(a question or a pasted abstract, whatever its punctuation), and a title in capitals.
"""

from collections.abc import Iterator

from indexes import analysis
from indexes.queryparse import parse
from indexes.querytree import (
    TEXT_FIELDS,
    And,
    Free,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Required,
    Word,
    Years,
)

__all__ = ["constraints", "leaves", "parse", "plain_text", "restriction", "words"]


def leaves(node: Node) -> Iterator[Leaf]:
    """Everything that is asked for, left to right; not what is excluded."""
    match node:
        case And(nodes) | Or(nodes) | Free(nodes):
            for part in nodes:
                yield from leaves(part)
        case Required(part):
            yield from leaves(part)
        case Not():
            return
        case _:
            yield node


def is_text(leaf: Leaf) -> bool:
    """Whether a leaf is about a paper's text and so has a part in ranking."""
    return not isinstance(leaf, Years) and (not leaf.field or leaf.field in TEXT_FIELDS)


def plain_text(node: Node) -> str:
    """What is asked for as running text, for an encoder: no operators, no excluded parts, no names."""
    return " ".join(leaf.text for leaf in leaves(node) if not isinstance(leaf, Years) and is_text(leaf))


def words(node: Node) -> tuple[str, ...]:
    """What to highlight: words, phrases (several words in one string) and prefixes (with their star)."""
    found: dict[str, None] = {}
    for leaf in leaves(node):
        if isinstance(leaf, Years) or not is_text(leaf):
            continue
        if isinstance(leaf, Prefix):
            found[f"{leaf.text}*"] = None
        elif isinstance(leaf, Phrase) and not leaf.slop:
            found[leaf.text] = None
        else:
            parts = analysis.words(leaf.text, query=True)
            telling = [part for part in parts if not analysis.is_stop_word(part)]
            found.update(dict.fromkeys(telling))
    return tuple(found)


def restriction(node: Node) -> Node | None:
    """The boolean part that every hit of every leg must meet, or None for plain free text."""
    match node:
        case Word(field=""):
            return None
        case Required(part):
            return part
        case Free(nodes):
            parts = tuple(rest for each in nodes if (rest := restriction(each)) is not None)
            if not parts:
                return None
            return parts[0] if len(parts) == 1 else And(parts)
        case _:
            return node


def constraints(node: Node) -> bool:
    """Whether the query demands or excludes anything, and does not only rank."""
    return restriction(node) is not None
