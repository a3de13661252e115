"""What an update takes over from the review before it: all that nothing new bears on."""

import asyncio
from collections.abc import Iterable, Sequence

from indexes.types import Query
from litsearch.agent.ledger import Ledger
from litsearch.evaluate import plain
from litsearch.library import Library
from litsearch.review.answering import ending
from litsearch.review.changes import SAME
from litsearch.review.events import Extracted, QuestionEnded, Screened
from litsearch.review.protocol import Question
from litsearch.review.record import Kept, Record
from litsearch.review.scope import filters, narrowed
from litsearch.review.screening import FEEDBACK, SEED
from litsearch.review.state import State
from litsearch.review.work import Earlier, Work
from litsearch.screening.decisions import USER

DEPTH = 200  # papers that a question finds first: one that is new among them may change its answer
_PAGE = 5_000


def earlier(ledger: Ledger, library: Library, record: Record, kept: Kept) -> Earlier:
    """The review that is updated."""
    state = State()
    for event in record.events():
        state.apply(event)
    answers = {}
    for question, ended in state.questions.items():
        answered, _ = ending(ledger, ended.run)
        if answered is not None and ended.whole:
            answers[question] = answered
    return Earlier(state, answers, frozenset(changed_since(library, kept.manifest.revision)))


def changed_since(library: Library, revision: int) -> Iterable[int]:
    """Papers that came, changed or went after that revision of the library."""
    while changes := library.changes(revision, _PAGE):
        yield from (change.id for change in changes)
        revision = changes[-1].revision


async def take_over_papers(work: Work) -> None:
    """What a model decided of papers that are as they were, and what was extracted from them. Whatever
    else decides, decides anew."""
    before = work.earlier
    if before is None or work.state.screened or work.state.extracted:
        return
    same = [
        paper
        for paper in before.state.screened.values()
        if paper.id not in before.changed and paper.by not in (USER, SEED, FEEDBACK)
    ]
    if same:
        await work.emit(Screened(tuple(same)))
    for row in before.state.extracted.values():
        if row.id not in before.changed:
            await work.emit(Extracted(row))


async def take_over_answers(
    work: Work, within: Sequence[int] | None, before_within: Sequence[int] | None
) -> None:
    """The answers that nothing new bears on: no paper that is new, changed or gone is quoted, or among the
    first that the question finds."""
    before = work.earlier
    if before is None:
        return
    moved = set(before.changed) | (set(within or ()) ^ set(before_within or ()))
    for question in work.protocol.questions:
        if question.id in work.state.questions or question.id not in before.answers:
            continue
        quoted = {finding.quote.id for finding in before.answers[question.id].findings}
        found = await asyncio.to_thread(_finds, work, question, within, moved)
        if found or quoted & moved:
            continue
        ended = before.state.questions[question.id]
        await work.emit(
            QuestionEnded(question.id, ended.run, ended.sentences, True, carried=True, change=SAME)
        )


def _finds(work: Work, question: Question, within: Sequence[int] | None, moved: set[int]) -> bool:
    """Whether one of the papers is among the first that the question finds."""
    if not moved:
        return False
    narrow = filters(work.library, narrowed(work.protocol.filters, question.filters), within)
    ranking = work.index.search(Query(plain(question.question), narrow), k=DEPTH)
    return any(hit.id in moved for hit in ranking.hits)
