"""Conditions that a question states in words and that papers can be held to: years of publication."""

import re
from dataclasses import dataclass, replace

from indexes.types import Filters

_YEAR = r"((?:19|20)\d\d)"
_BETWEEN = re.compile(rf",?\s*\b(?:between|from)\s+{_YEAR}\s*(?:and|to|until|-|–)\s*{_YEAR}\b", re.IGNORECASE)
_SINCE = re.compile(rf",?\s*\b(?:since|from)\s+{_YEAR}(?:\s+(?:on|onwards?))?\b", re.IGNORECASE)
_AFTER = re.compile(rf",?\s*\b(?:published\s+)?after\s+{_YEAR}\b", re.IGNORECASE)
_BEFORE = re.compile(rf",?\s*\b(?:published\s+)?before\s+{_YEAR}\b", re.IGNORECASE)
_UNTIL = re.compile(rf",?\s*\b(?:until|up\s+to)\s+{_YEAR}\b", re.IGNORECASE)
_IN = re.compile(rf",?\s*\bpublished\s+in\s+{_YEAR}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Constraints:
    """``about`` is the question without the words that state them."""

    about: str
    year_from: int | None = None
    year_to: int | None = None

    def __str__(self) -> str:
        """In words, empty where there are none."""
        first, last = self.year_from, self.year_to
        if first is not None and last is not None:
            return f"papers of {first}" if first == last else f"papers of {first} to {last}"
        if first is not None:
            return f"papers of {first} and later"
        return f"papers of {last} and earlier" if last is not None else ""

    def over(self, filters: Filters) -> Filters:
        """The user's filters, narrowed where they say nothing of years themselves."""
        if filters.year_from is not None or filters.year_to is not None:
            return filters
        return replace(filters, year_from=self.year_from, year_to=self.year_to)


def constraints(question: str) -> Constraints:
    """What the question says of years, where it can be read in one way only."""
    readings: list[tuple[re.Match[str], int | None, int | None]] = []
    for pattern in (_BETWEEN, _IN, _SINCE, _AFTER, _BEFORE, _UNTIL):
        for match in pattern.finditer(question):
            if any(match.start() < other.end() and other.start() < match.end() for other, *_ in readings):
                continue
            years = [int(year) for year in match.groups()]
            readings.append((match, *_range(pattern, years)))
    first = [year for _, year, _ in readings if year is not None]
    last = [year for _, _, year in readings if year is not None]
    if not readings or len(first) > 1 or len(last) > 1 or (first and last and first > last):
        return Constraints(question)
    about = question
    for match, *_ in sorted(readings, key=lambda reading: -reading[0].start()):
        about = about[: match.start()] + about[match.end() :]
    about = re.sub(r"(?:\s+and)+(?=\W*$)", "", " ".join(about.split()))
    if not re.search(r"\w", about):
        return Constraints(question)
    return Constraints(about, first[0] if first else None, last[0] if last else None)


def _range(pattern: re.Pattern[str], years: list[int]) -> tuple[int | None, int | None]:
    if pattern is _SINCE:
        return years[0], None
    if pattern is _AFTER:
        return years[0] + 1, None
    if pattern is _BEFORE:
        return None, years[0] - 1
    if pattern is _UNTIL:
        return None, years[0]
    return years[0], years[-1]
