"""``extraction.csv``: one row a paper, and for each field its value, the quote that has it, and a note."""

from collections.abc import Iterator

from litsearch.exporters.csv import row
from litsearch.review.result import ReviewResult


def csv(result: ReviewResult) -> Iterator[str]:
    fields = [field.name for field in result.protocol.extract]
    titles = {stored.id: stored.paper.title for stored in result.papers}
    yield row(
        ["key", "title", *(name for field in fields for name in (field, f"{field}: quote", f"{field}: note"))]
    )
    for paper in result.extracted:
        found = {cell.field: cell for cell in paper.cells}
        cells: list[str | float | None] = [paper.key, titles.get(paper.id, "")]
        for field in fields:
            cell = found.get(field)
            cells += (
                (plain(cell.value), cell.quote.text if cell.quote else None, cell.note)
                if cell
                else (None, None, "")
            )
        yield row(cells)


def plain(value: str | float | None) -> str | float | None:
    """A number as papers write it, without the ``.0`` of a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
