"""Years of papers as bars: how they are grouped, and how long the bars are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTHS = (1, 2, 5, 10, 20, 50, 100, 500)  # years in a group
_BLOCKS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Years:
    """A group of years, written ``2019`` or ``2015-2019``."""

    label: str
    papers: int


def by_year(years: Sequence[tuple[int, int]]) -> list[int]:
    """Papers in each year from the first to the last, years without any among them."""
    if not years:
        return []
    known = dict(years)
    return [known.get(year, 0) for year in range(min(known), max(known) + 1)]


def grouped(years: Sequence[tuple[int, int]], most: int = 12) -> list[Years]:
    """Groups of the same width, at most so many, the newest first; groups without papers are left out."""
    if not years:
        return []
    first, last = min(year for year, _ in years), max(year for year, _ in years)
    width = next((w for w in _WIDTHS if last // w - first // w < most), _WIDTHS[-1])
    groups: dict[int, int] = {}
    for year, papers in years:
        groups[year // width] = groups.get(year // width, 0) + papers
    return [
        Years(_label(group * width, group * width + width - 1, first, last), groups[group])
        for group in sorted(groups, reverse=True)
    ]


def _label(start: int, end: int, first: int, last: int) -> str:
    start, end = max(start, first), min(end, last)
    return str(start) if start == end else f"{start}-{end}"


def bar(part: int, whole: int, width: int) -> str:
    """A bar of eighths of a cell, as long as the part of the whole; the least part can be seen."""
    eighths = max(1, round(8 * width * part / whole)) if part and whole else 0
    full, rest = divmod(eighths, 8)
    return "█" * full + (_BLOCKS[rest] if rest else "")
