"""``screening.csv``: what was decided about each paper, by whom and why."""

from collections.abc import Iterator

from litsearch.exporters.csv import row
from litsearch.review.result import ReviewResult

COLUMNS = ("key", "title", "year", "verdict", "criterion", "reason", "by")


def csv(result: ReviewResult) -> Iterator[str]:
    yield row(COLUMNS)
    for paper in result.screened:
        yield row(getattr(paper, name) for name in COLUMNS)
