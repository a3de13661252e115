"""The keys by which people name papers: the record's own where it is free, else familyYearWord."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import count

import orjson

from indexes.analysis import STOP_WORDS, fold
from litsearch.papers import Paper

# What BibTeX and Pandoc both take as a citation key.
_USABLE = re.compile(r"[^\W_][\w:./+&<>?~-]{0,198}")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def new_keys(connection: sqlite3.Connection, papers: Sequence[Paper]) -> list[str]:
    """A key for each paper, that no paper of the library has or had (even one merged or in the trash)."""
    firsts = [paper.key if _USABLE.fullmatch(paper.key) else _generated(paper) for paper in papers]
    rows = connection.execute(
        "SELECT key FROM papers WHERE key IN (SELECT value FROM json_each(?))",
        (orjson.dumps(firsts).decode(),),
    )
    taken = {key for (key,) in rows}
    keys = []
    for first, paper in zip(firsts, papers, strict=True):
        key = first
        if key in taken:
            base = _generated(paper)
            # From the base to the last key that starts with it and goes on in lower case.
            rows = connection.execute("SELECT key FROM papers WHERE key >= ? AND key < ?", (base, base + "{"))
            taken.update(key for (key,) in rows)
            key = next(candidate for candidate in _suffixed(base) if candidate not in taken)
        taken.add(key)
        keys.append(key)
    return keys


def _generated(paper: Paper) -> str:
    family = "".join(_WORD.findall(fold(paper.first_author)))[:40] or "anonymous"
    words = _WORD.findall(fold(paper.title))
    word = next((word for word in words if len(word) > 3 and word not in STOP_WORDS), "".join(words[:1]))
    return f"{family}{'' if paper.year is None else paper.year}{word[:40]}"


def _suffixed(base: str) -> Iterator[str]:
    """base, basea … basez, basez2, basez3 …"""
    yield base
    for letter in _LETTERS:
        yield base + letter
    for number in count(2):
        yield f"{base}z{number}"
