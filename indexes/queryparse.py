"""The parser of the query language: recursive descent, pure, every error with its position.

    or   = and {"OR" and}
    and  = run {"AND" run}
    run  = {item}
    item = ("+" | "-" | "NOT") item | "(" or ")" | [field ":"] value
    value = '"' phrase '"' ["~" number] | word ["*"] | years

Tantivy's own parser was tried (`tantivy.parse_query_lenient`): its tree has no positions, keeps the star as
a letter of the word, takes any `name:` for a field, and turns an unbalanced quote into a guess.
"""

import re
from collections.abc import Callable

from indexes.analysis import is_lone, words
from indexes.errors import QuerySyntaxError
from indexes.queryprose import is_prose, plain
from indexes.querytree import (
    EXACT_FIELDS,
    FIELDS,
    And,
    Free,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Required,
    Word,
    Years,
    strict,
)
from indexes.queryyears import BRACKETED_YEARS, YearsError, read_years

DEEPEST = 40  # nested parentheses
WIDEST = 100  # slop of a phrase
_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_LIBRARY_FIELDS = ("tag", "collection")

_KEYWORD = re.compile(r"(AND|OR|NOT)(?=[\s()\"]|$)")
_FIELD = re.compile(r"([A-Za-z]+):")
_CHUNK = re.compile(r"[^\s()\"]+")
_SLOP = re.compile(r"~(\d*)")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_TRAILING = ".,;:!?'’”»"


def parse(text: str) -> Node:
    """The tree of a query. QuerySyntaxError, with the position in the text, where it can't be read."""
    return plain(text) if is_prose(text) else _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.field = ""  # inside field:( … )

    def whole(self) -> Node:
        node = self.disjunction()
        if self.at < len(self.text):
            raise self.error(
                "This parenthesis closes nothing", self.at, "Remove it, or put the text in quotes."
            )
        return node

    def disjunction(self) -> Node:
        return self.chain("OR", self.conjunction, Or)

    def conjunction(self) -> Node:
        return self.chain("AND", self.run, And)

    def chain(self, operator: str, operand: Callable[[], Node], combine: type[And] | type[Or]) -> Node:
        nodes = [operand()]
        while self.keyword() == operator:
            start = self.at
            self.at += len(operator)
            nodes.append(operand())
            for node, side in ((nodes[-2], "before"), (nodes[-1], "after")):
                if node == Free(()):
                    hint = f"Write {operator.lower()} in lower case to search for the word."
                    raise self.error(f"{operator} needs something {side} it", start, hint)
        return nodes[0] if len(nodes) == 1 else combine(tuple(strict(node) for node in nodes))

    def run(self) -> Node:
        nodes: list[Node] = []
        while not self.ended() and self.keyword() not in ("AND", "OR"):
            node = self.item()
            if node is not None and node != Free(()):
                nodes.append(node)
        return nodes[0] if len(nodes) == 1 and not isinstance(nodes[0], Word) else Free(tuple(nodes))

    def item(self) -> Node | None:
        """One item of a run, or None where there is only punctuation."""
        start, text = self.at, self.text
        if self.keyword() == "NOT":
            self.at += 3
            return Not(self.operand("NOT", start))
        sign = text[start]
        if sign in "+-" and self.is_sign(start):
            self.at += 1
            operand = self.operand(sign, start)
            return Required(operand) if sign == "+" else Not(operand)
        if sign == "(":
            return self.group()
        if sign in _CLOSING:
            return self.phrase(self.field)
        return self.fielded() or self.chunk(self.field)

    def is_sign(self, at: int) -> bool:
        """Whether a plus or minus marks what follows: ``-word``, but not ``-5``, ``a - b``, ``x-y``."""
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        if before and not before.isspace() and before != "(":
            return False
        return after.isalpha() or (after != "" and after in '"“(')

    def operand(self, operator: str, start: int) -> Node:
        node = None if self.ended() or self.keyword() in ("AND", "OR") else self.item()
        if node is None or node == Free(()):
            raise self.error(
                f"{operator} needs something after it", start, f"Put {operator} before a word or a phrase."
            )
        return strict(node if not isinstance(node, Word) else Free((node,)))

    def group(self) -> Node:
        start = self.at
        if self.depth == DEEPEST:
            raise self.error("Parentheses are nested too deep", start, f"At most {DEEPEST} levels are read.")
        self.at += 1
        self.depth += 1
        node = self.disjunction()
        self.depth -= 1
        if self.at >= len(self.text):
            raise self.error("This parenthesis is never closed", start, "Add the closing one, or remove it.")
        self.at += 1
        return node

    def phrase(self, field: str) -> Node | None:
        start = self.at
        opening = self.text[start]
        ends = [end for close in _CLOSING[opening] if (end := self.text.find(close, start + 1)) >= 0]
        if not ends:
            if opening == '"':
                raise self.error(
                    "This quotation mark is never closed", start, "Add the closing one, or remove it."
                )
            self.at += 1  # a typographic mark alone is punctuation
            return None
        content = self.text[start + 1 : min(ends)].strip()
        self.at = min(ends) + 1
        slop = self.slop()
        if not words(content):
            if field:
                raise self.error(
                    f"{field}: has nothing to search for", start, "Put a word between the quotes."
                )
            return None
        if field == "year":
            return self.years(content, start)
        return Phrase(content, slop, field)

    def slop(self) -> int:
        found = _SLOP.match(self.text, self.at)
        if not found:
            return 0
        if not found[1] or len(found[1]) > 3 or int(found[1]) > WIDEST:
            raise self.error(f"~ needs a number up to {WIDEST}", self.at, 'As in "graph search"~3.')
        self.at = found.end()
        return int(found[1])

    def fielded(self) -> Node | None:
        """field:value, or None where the colon is only punctuation."""
        start = self.at
        found = _FIELD.match(self.text, start)
        if not found:
            return None
        name = found[1].lower()
        after = self.text[found.end() : found.end() + 1]
        empty = after in ("", ")") or after.isspace()
        if name not in FIELDS:
            self.refuse_unknown(name, start, empty)
            return None
        if empty and not found[1].islower():
            return None  # "Title: …", as pasted from somewhere
        if empty:
            hint = f"Write {name}:value without a space, or leave the colon out to search for the word."
            raise self.error(f"{name}: has no value", found.end(), hint)
        if self.field:
            raise self.error("A field can't stand inside another", start, "Close the parenthesis before it.")
        self.at = found.end()
        return self.value(name)

    def refuse_unknown(self, name: str, start: int, empty: bool) -> None:
        """Unknown names before a colon are free text (10:1, std::vector), but a slip of the pen is not."""
        if empty or self.field:
            return
        if name in _LIBRARY_FIELDS:
            raise self.error(
                f"{name}: is no field of a paper", start, f"Use the filter option --{name} instead."
            )
        from difflib import get_close_matches  # milliseconds that only this error needs

        nearest = get_close_matches(name, FIELDS, 1, 0.8)
        if nearest:
            hint = f"Did you mean {nearest[0]}: ? Fields are {', '.join(FIELDS)}. Quotes make it plain text."
            raise self.error(f"There is no field {name}:", start, hint)

    def value(self, name: str) -> Node:
        start = self.at
        if name in EXACT_FIELDS:
            return self.exact(name)
        if self.text[start] in _CLOSING:
            node = self.phrase(name)
        elif self.text[start] == "(":
            self.field = name
            node = self.group()
            self.field = ""
            node = strict(node)
        elif name == "year" and (bracketed := BRACKETED_YEARS.match(self.text, start)):
            self.at = bracketed.end()
            node = self.years(bracketed[0], start)
        else:
            node = self.chunk(name)
        if node is None or node in (Free(()), And(())):
            raise self.error(f"{name}: has nothing to search for", start, "Put a word after the colon.")
        return node

    def exact(self, name: str) -> Word | Prefix:
        """Identifiers and keys go to the next space, parentheses and all; quotes may stand around them."""
        start = self.at
        value = self.text[start:].split(maxsplit=1)[0]
        while value.endswith(")") and value.count(")") > value.count("("):
            value = value[:-1]
        self.at = start + len(value)
        value = value.strip('"“”')
        if value.rstrip("*") != value:
            return self.prefix(value, name, start)
        if not value:
            raise self.error(f"{name}: has no value", start, f"Write {name}:value.")
        return Word(value, name)

    def chunk(self, field: str) -> Node | None:
        start = self.at
        found = _CHUNK.match(self.text, start)
        if not found:  # a field's value that starts with a quote or parenthesis is not ours
            self.at += 1
            return None
        self.at = found.end()
        chunk = found[0]
        if field == "year":
            return self.years(chunk.rstrip(",;"), start)
        doi = None if field else _DOI.match(self.text, start)
        if doi:
            self.at = start
            value = self.exact("doi")
            return (
                value
                if isinstance(value, Prefix)
                else Word(value.text[doi.start(1) - start :].rstrip(_TRAILING), "doi")
            )
        bare = chunk.rstrip(_TRAILING)
        if bare.endswith("*") and (bare.count("*") == 1 or not bare.strip("*")):
            return self.prefix(bare, field, start)
        return Word(chunk, field) if words(chunk) else None

    def prefix(self, chunk: str, field: str, start: int) -> Prefix:
        stem = chunk.rstrip("*")
        terms = words(stem, query=True) if field not in EXACT_FIELDS else [stem]
        hint = "Put at least two letters before it, or put the text in quotes to search for it as it stands."
        if not terms or not stem:
            raise self.error("A star needs a word before it", start, hint)
        if len(terms[-1]) < 2 and not is_lone(terms[-1]):
            raise self.error("This truncation is too short", start, hint)
        return Prefix(stem, field)

    def years(self, text: str, start: int) -> Years:
        try:
            return read_years(text)
        except YearsError as problem:
            raise self.error(problem.message, start, problem.hint) from None

    def keyword(self) -> str:
        """The operator at the cursor, or nothing."""
        self.skip()
        found = _KEYWORD.match(self.text, self.at)
        return found[1] if found else ""

    def ended(self) -> bool:
        """At the end of the text or of the group. A stray `)` ends the outermost run too."""
        self.skip()
        return self.at >= len(self.text) or self.text[self.at] == ")"

    def skip(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1

    def error(self, message: str, position: int, hint: str) -> QuerySyntaxError:
        return QuerySyntaxError(message, self.text, position, hint)
