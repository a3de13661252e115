"""The stage extract: a table with a row for each paper, each cell with its checked quote."""

import asyncio
from collections.abc import Sequence

from litsearch.agent.inquiry import Reader
from litsearch.agent.windows import windows
from litsearch.errors import BudgetError, ModelError
from litsearch.papers import StoredPaper
from litsearch.review.cells import UNREAD, by_program, checked, described
from litsearch.review.events import Extracted
from litsearch.review.protocol import ExtractedField
from litsearch.review.replies import ExtractReply
from litsearch.review.result import Cell, ExtractedPaper
from litsearch.review.work import Work

MISSING = "the paper does not say"
_ROUND = 40  # papers on their way at once, at most: the pace bounds the calls


async def extract(work: Work, papers: Sequence[int]) -> None:
    """Extract the fields from the papers that no earlier attempt did."""
    fields = work.protocol.extract
    if not fields or not papers:
        return
    waiting = [paper for paper in papers if paper not in work.state.extracted]
    await work.begin("extract", len(papers), len(papers) - len(waiting))
    if not work.settings.reading:
        for stored in await asyncio.to_thread(work.library.papers, waiting):
            cells = tuple(by_program(field, stored) for field in fields)
            await work.emit(Extracted(ExtractedPaper(stored.id, stored.key, cells)))
        rows = [work.state.extracted[paper] for paper in papers if paper in work.state.extracted]
        if any(cell.note == UNREAD for row in rows for cell in row.cells):
            await work.trouble("extract", "no model is named: fields that only one can tell are empty")
        return
    try:
        async with work.reader() as reader:
            for start in range(0, len(waiting), _ROUND):
                if work.stopping.is_set():
                    break
                batch = await asyncio.to_thread(work.library.papers, waiting[start : start + _ROUND])
                await work.each("extract", [_row(work, reader, fields, stored) for stored in batch])
    except (BudgetError, ModelError) as error:
        await work.trouble("extract", error.message, error.hint)


async def _row(
    work: Work, reader: Reader, fields: Sequence[ExtractedField], stored: StoredPaper
) -> Extracted:
    """A long text is read in windows, each for the fields that are still empty."""
    found: dict[str, Cell] = {}
    for window in windows(stored.paper.abstract, await reader.window_words()):
        lacking = {field.name.casefold(): field for field in fields if not _told(found.get(field.name))}
        if not lacking:
            break
        reply = await reader.ask(
            "extract",
            ExtractReply,
            step="extract",
            fields=described(list(lacking.values())),
            paper=reader.window(stored, window),
        )
        for cell in reply.cells:
            field = lacking.get(cell.field.casefold())
            if field and cell.value and not _told(found.get(field.name)):
                found[field.name] = checked(field, cell, stored)
    cells = tuple(found.get(field.name) or _empty(field, stored) for field in fields)
    return Extracted(ExtractedPaper(stored.id, stored.key, cells, work.settings.reading))


def _told(cell: Cell | None) -> bool:
    return cell is not None and cell.value is not None


def _empty(field: ExtractedField, stored: StoredPaper) -> Cell:
    """What no text has may stand in the record."""
    cell = by_program(field, stored)
    return cell if cell.quote is None and cell.value is not None else Cell(field.name, None, None, MISSING)
