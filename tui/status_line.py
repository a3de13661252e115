"""What is said of a search above its papers."""

from collections.abc import Iterator
from textwrap import shorten

from textual.content import Content

from litsearch.cli.screen import line, plural
from tui.entries import MUTED
from tui.searching import Found, Sort

_VALUE = 30  # characters


def status(found: Found, sort: Sort, marked: int, *, starter: bool) -> Content:
    """How many there are, who searched, in which order, narrowed to what, and what is not as it should be."""
    return Content(" · ").join(_parts(found, sort, marked, starter))


def _parts(found: Found, sort: Sort, marked: int, starter: bool) -> Iterator[Content]:
    if marked:
        yield Content(f"{marked:,} selected").stylize("$text-accent bold")
    yield Content(_count(found))
    if found.suggestion:
        yield Content(f"did you mean: {line(found.suggestion)}").stylize("$text-warning")
    for kind, value in found.asked.narrowing.chosen:
        yield Content(f"{kind} {shorten(line(value), _VALUE, placeholder='…')}").stylize("$text-accent")
    if sort != "relevance":
        yield Content(f"by {sort}" if sort in ("title", "author") else f"{sort} first")
    if found.coverage and not any(each.present for each in found.coverage):
        yield Content("there is no index: F6, then 6 and c build it").stylize("$text-error")
    for each in found.coverage:
        if each.present and each.behind:
            yield Content(f"{each.leg} lags {plural(each.behind, 'change')} behind").stylize("$text-warning")
    if starter:
        yield Content("starter library: add your own papers with F6").stylize(MUTED)


def _count(found: Found) -> str:
    if found.asked.everything:
        return f"{plural(found.total, 'paper')}, the newest first"
    if not found.documents:
        return "no paper matches"
    shown, papers = len(found.documents), plural(found.total, "paper")
    if found.total < shown:  # the other legs know what is near
        near = f"{shown - found.total:,} near"
        return f"{papers} with these words, {near}" if found.total else f"no paper has these words, {near}"
    return f"{papers}, the best {shown:,}" if found.total > shown and found.all_legs else papers
