"""Text of others inside HTML and SVG, and how much room it takes there."""

import re
from html import escape as escape_markup
from unicodedata import east_asian_width

# What XML 1.0 can't hold, C1 controls, and what would reorder the text around it.
_UNFIT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)


def fit(text: str) -> str:
    """The text without characters that no page can show."""
    return _UNFIT.sub("", text)


def escape(text: str) -> str:
    """The text as HTML and XML show it, inside an element or an attribute in quotes."""
    return escape_markup(fit(text), quote=True)


def columns(text: str) -> int:
    """How many columns of an average letter the text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def clip(text: str, most: int) -> str:
    """The text on one line, cut so that it takes no more columns, the cut shown."""
    words = " ".join(fit(text).split())
    if columns(words) <= most:
        return words
    kept = ""
    for character in words:
        if columns(kept + character) > most - 1:
            break
        kept += character
    return f"{kept.rstrip()}…"


def wrap(text: str, most: int) -> list[str]:
    """The text in lines of so many columns at most; words that are longer are broken, and at no-break
    spaces it is not."""
    lines = [""]
    for word in re.split(r"[ \t\r\n]+", fit(text).strip()):
        if lines[-1] and columns(f"{lines[-1]} {word}") <= most:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if columns(lines[-1] + character) > most:
                lines.append("")
            lines[-1] += character
    return lines
