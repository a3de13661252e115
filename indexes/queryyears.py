"""Years and ranges of years, in all the ways people write them."""

import re

from indexes.errors import HintedError
from indexes.querytree import Years

BRACKETED_YEARS = re.compile(r"[\[{]\s*(\*|\d{1,4})\s+TO\s+(\*|\d{1,4})\s*[\]}]")
_COMPARED = re.compile(r"(>=|<=|>|<)\s*(\d{1,4})")
_DOTTED = re.compile(r"(\d{1,4})?(?:\.\.|[-–])(\d{1,4})?")


class YearsError(HintedError):
    """A text that is no year and no range of years; the parser knows where it stands."""


def read_years(text: str) -> Years:
    """2019, 2015..2020, 2015.., 2015-2020, >=2019, [2015 TO *], {2014 TO 2020]. YearsError for the rest."""
    years = _read(text.strip())
    if years is None:
        hint = "As in year:2019, year:2015..2020, year:>=2019 or year:[2015 TO 2020]."
        raise YearsError("This is no year and no range of years", hint)
    if years.first is None and years.last is None:
        raise YearsError("This range is open on both sides", "Give a first or a last year.")
    if years.first is not None and years.last is not None and years.first > years.last:
        hint = f"Did you mean {years.last}..{years.first}?"
        raise YearsError("This range is empty: it ends before it starts", hint)
    return years


def _read(text: str) -> Years | None:
    if re.fullmatch(r"\d{1,4}", text, re.ASCII):
        return Years(int(text), int(text))
    if bracketed := BRACKETED_YEARS.fullmatch(text):
        first, last = (None if end == "*" else int(end) for end in bracketed.groups())
        first = first + 1 if first is not None and text[0] == "{" else first
        last = last - 1 if last is not None and text[-1] == "}" else last
        return Years(first, last)
    if compared := _COMPARED.fullmatch(text):
        year = int(compared[2])
        first = {">=": year, ">": year + 1}.get(compared[1])
        last = {"<=": year, "<": year - 1}.get(compared[1])
        return Years(first, last)
    if dotted := _DOTTED.fullmatch(text):
        first, last = (int(end) if end else None for end in dotted.groups())
        return Years(first, last)
    return None
