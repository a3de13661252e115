"""Abbreviations as papers introduce them, "long form (LF)", by the rule of Schwartz and Hearst (2003)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

_INTRODUCED = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,9})\)")
_WORDS = 2  # more words than its letters that a long form may have
_FEWEST = 2  # papers that introduce an abbreviation, before it is believed


def abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """The usual long form, in lower case, of each abbreviation that at least two of the texts introduce."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for short, long in set(_pairs(text)):
            counts.setdefault(short, Counter())[long] += 1
    usual = {short: min(forms, key=lambda form: (-forms[form], form)) for short, forms in counts.items()}
    return {short: long for short, long in usual.items() if counts[short][long] >= _FEWEST}


def other_names(question: str, known: Mapping[str, str]) -> list[tuple[str, str]]:
    """For what the question names in one form, as it stands there, the other form."""
    named: list[tuple[str, str]] = []
    for short, long in sorted(known.items()):
        if re.search(rf"(?<!\w){re.escape(short)}s?(?!\w)", question):
            named.append((short, long))
        elif re.search(rf"(?<!\w){re.escape(long)}s?(?!\w)", question, re.IGNORECASE):
            named.append((long, short))
    return named


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for match in _INTRODUCED.finditer(text):
        short = match[1]
        if sum(letter.isupper() for letter in short) < 2:
            continue  # (see), (Smith), (a)
        long = _long_form(short, text[: match.start()])
        if long:
            found.append((short, long))
    return found


def _long_form(short: str, before: str) -> str:
    """The words before the bracket that the letters of the short form stand in, in order; empty for none.

    The first letter begins a word, and that word is the first.
    """
    words = re.split(r"[.;:()]", before)[-1].split()[-(len(short) + _WORDS) :]
    text = " ".join(words).lower()
    letters = [letter for letter in short.lower() if letter.isalnum()]
    if letters[-1] == "s" and short[-1] == "s":
        letters.pop()  # a plural
    at = len(text)
    for number, letter in enumerate(reversed(letters), 1):
        first = number == len(letters)
        at = text.rfind(letter, 0, at)
        while first and at > 0 and text[at - 1].isalnum():
            at = text.rfind(letter, 0, at)
        if at < 0:
            return ""
    long = text[at:].strip()
    return long if len(long) > len(short) and short.lower() not in long.split() else ""
