"""Checking that a quote is verbatim: the one gate between what a reader says and what a paper says."""

import re
from typing import Literal

from indexes.types import Span
from litsearch.agent.events import Dropped, Quote
from litsearch.agent.folding import BREAK, Folded, fold
from litsearch.papers import StoredPaper

MIN_WORDS = 6

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_WORD = re.compile(rf"\S*[^\W{_CJK}][^\s{_CJK}]*")
_WORD_CHARACTER = re.compile(rf"[^\W{_CJK}]")
_MARKS = " '"
_CLOSING = " .,;:!?"
_JOINED = re.compile(r"\S\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*\S")


def count_words(text: str) -> int:
    """Words of a text; where a script has no spaces, two characters count as one."""
    return len(_WORD.findall(text)) + len(_CJK_CHARACTER.findall(text)) // 2


def find_quote(text: str, quote: str) -> Span | None:
    """Where ``text`` has the quote word for word, in characters of ``text``; None where it has not.

    Both are folded (see :mod:`litsearch.agent.folding`) and then compared exactly, case included. The quote
    has at least six words, starts and ends at word boundaries, and is one passage: one that joins passages
    by an ellipsis is not verbatim. Quotation marks and a full stop put around it are not part of it.
    """
    whole = fold(quote).text.strip(_MARKS)
    inner = whole.strip(_MARKS + ".…")
    bare = inner.rstrip(_CLOSING)
    if count_words(bare) < MIN_WORDS:
        return None
    source = fold(text)
    for candidate in dict.fromkeys((whole, inner, bare)):
        found = _find(source, candidate)
        if found:
            return Span(source.starts[found.start], source.ends[found.end - 1])
    return None


def find_words(text: str, words: str) -> str:
    """The stretch of a text that has these words, case apart, as it is written there; empty where none."""
    wanted = fold(words).text.strip(_MARKS + _CLOSING)
    if not wanted:
        return ""
    source = fold(text)
    found = _find(source, wanted, re.IGNORECASE)
    return text[source.starts[found.start] : source.ends[found.end - 1]] if found else ""


def check_quote(stored: StoredPaper, quote: str) -> Quote | Dropped:
    """The stored stretch of the paper that a quote repeats, or why there is none."""
    fields: tuple[tuple[Literal["abstract", "title"], str], ...] = (
        ("abstract", stored.paper.abstract),
        ("title", stored.paper.title),
    )
    for field, text in fields:
        span = find_quote(text, quote)
        if span:
            return Quote(
                id=stored.id,
                key=stored.key,
                field=field,
                start=span.start,
                end=span.end,
                text=text[span.start : span.end],
                is_summary=stored.paper.is_summary and field == "abstract",
            )
    if count_words(fold(quote).text) < MIN_WORDS:
        return Dropped(quote, f"the quote has fewer than {MIN_WORDS} words")
    if _JOINED.search(quote):
        return Dropped(quote, f"the quote joins separate passages of {stored.key}")
    return Dropped(quote, f"the quote is not in the text of {stored.key}")


def _find(source: Folded, wanted: str, flags: int = 0) -> Span | None:
    """Where the folded quote stands in the folded text, between word boundaries."""
    whole = BREAK not in source.text and BREAK not in wanted
    pattern = re.escape(wanted) if whole else _with_breaks(wanted)
    if _WORD_CHARACTER.match(wanted[0]):
        pattern = rf"(?<![^\W{_CJK}])" + pattern
    if _WORD_CHARACTER.match(wanted[-1]):
        pattern += rf"(?![^\W{_CJK}])"
    found = re.search(pattern, source.text, flags)
    return Span(found.start(), found.end()) if found else None


def _with_breaks(wanted: str) -> str:
    """A pattern in which a break at a line's end is a hyphen or nothing."""
    parts: list[str] = []
    for i, character in enumerate(wanted):
        if character == BREAK:
            parts.append(f"[-{BREAK}]?")
        elif character == "-":
            parts.append(f"[-{BREAK}]")
        else:
            if i and character.isalpha() and wanted[i - 1].isalpha():
                parts.append(f"{BREAK}?")
            parts.append(re.escape(character))
    return "".join(parts)
