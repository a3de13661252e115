"""The stage answer: each question a run of its own, several at once. One that fails fails alone."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from indexes.types import Filters
from litsearch.agent.events import Answered, Failed, Spent
from litsearch.agent.events_json import from_json
from litsearch.agent.gathering import limit_reached
from litsearch.agent.ledger import Ledger, RunRecord
from litsearch.agent.loop import Run
from litsearch.errors import BudgetError, LibraryError, RunError
from litsearch.review.changes import said
from litsearch.review.events import QuestionBegun, QuestionEnded
from litsearch.review.protocol import Question
from litsearch.review.purse import Loan, Share
from litsearch.review.record import paid
from litsearch.review.scope import filters, narrowed
from litsearch.review.work import Work

AT_ONCE = 2  # questions without a model: they take turns at the processor


def run_name(review: str, question: str) -> str:
    """The id of a question's run, the same in every attempt."""
    return f"{review}.{question}"


def find_run(ledger: Ledger, name: str) -> RunRecord | None:
    """The run of exactly that id, if it was begun."""
    try:
        record = ledger.run(name)
    except RunError:
        return None
    return record if record.id == name else None


def ending(ledger: Ledger, run: str) -> tuple[Answered | None, Spent | None]:
    """The answer that a run came to in its last attempt, and what that attempt spent."""
    rows = ledger.rows(
        "SELECT body FROM events JOIN runs ON runs.id = run AND runs.attempt = events.attempt"
        " WHERE run = ? AND type IN ('Answered', 'Spent') ORDER BY number",
        run,
    )
    answered: Answered | None = None
    spent: Spent | None = None
    for (body,) in rows:
        event = from_json(json.loads(body))
        answered = event if isinstance(event, Answered) else answered
        spent = event if isinstance(event, Spent) else spent
    return answered, spent


async def answer(work: Work, within: Sequence[int] | None) -> None:
    """Answer the questions that no earlier attempt has wholly answered; ``within`` are the papers that were
    included, None where the whole library is meant."""
    questions = work.protocol.questions
    waiting = [question for question in questions if not _is_done(work, question)]
    if not questions:
        return
    await work.begin("answer", len(questions), len(questions) - len(waiting))
    usual = work.settings.concurrency if work.settings.reading else AT_ONCE
    slots = asyncio.Semaphore(work.protocol.budget.questions or usual)

    async def take(question: Question) -> None:
        async with slots:
            if not work.stopping.is_set():
                await _ask(work, question, within)

    async with asyncio.TaskGroup() as group:
        for question in waiting:
            group.create_task(take(question))


def _is_done(work: Work, question: Question) -> bool:
    ended = work.state.questions.get(question.id)
    return ended is not None and ended.whole


async def _ask(work: Work, question: Question, within: Sequence[int] | None) -> None:
    """One question to its end, whatever that is."""
    run = run_name(work.id, question.id)
    settings, budget = work.settings, work.protocol.budget
    calls = settings.max_calls if budget.question_calls is None else budget.question_calls
    cost = settings.max_cost if budget.question_cost is None else budget.question_cost
    seconds = settings.timeout if budget.question_timeout is None else budget.question_timeout
    before = await asyncio.to_thread(paid, work.ledger, [run])
    most = Share(max(0, calls - before.calls), cost and max(0.0, cost - (before.cost or 0.0)), seconds)
    try:
        scope = narrowed(work.protocol.filters, question.filters)
        narrow = await asyncio.to_thread(filters, work.library, scope, within)
        async with work.purse.share(most if settings.reading else Share(0, None, seconds)) as loan:
            await work.emit(QuestionBegun(question.id, question.question, run))
            ended = await _carried_through(work, question, run, narrow, loan, before)
    except (BudgetError, LibraryError, RunError) as error:
        begun = await asyncio.to_thread(find_run, work.ledger, run)
        ended = QuestionEnded(question.id, begun.id if begun else "", 0, False, error.message, error.hint)
    if work.earlier:
        now, _ = await asyncio.to_thread(ending, work.ledger, run)
        ended = replace(ended, change=said(work.earlier.answers.get(question.id), now))
    await work.emit(ended)


async def _carried_through(
    work: Work, question: Question, run: str, narrow: Filters, loan: Loan, before: Spent
) -> QuestionEnded:
    """The run of the question, begun or carried on; one that is complete is only read. ``before`` is what
    earlier attempts paid for it."""
    record = await asyncio.to_thread(find_run, work.ledger, run)
    if record is not None and record.status == "complete":
        found, _ = await asyncio.to_thread(ending, work.ledger, run)
        return _ended(question, run, found, None, work.settings.max_papers)
    share = loan.share
    own = replace(work.settings, max_calls=share.calls, max_cost=share.cost, timeout=share.seconds)
    conducted = Run(
        question.question,
        own,
        library=work.library,
        index=work.index,
        ledger=work.ledger,
        filters=narrow,
        resume=None if record is None else run,
        starter=work.starter,
        name=run,
        pacing=work.pacing,
    )
    found, failed = await _followed(work, conducted)
    after = await asyncio.to_thread(paid, work.ledger, [run])
    cost = max(0.0, (after.cost or 0.0) - (before.cost or 0.0))
    loan.used = replace(after, calls=after.calls - before.calls, cost=cost)
    return _ended(question, run, found, failed, own.max_papers)


async def _followed(work: Work, run: Run) -> tuple[Answered | None, Failed | None]:
    """The answer of a run, or what it failed of. It ends with what there is when the review is stopped."""
    found, failed = None, None
    stopping = asyncio.create_task(_stop(work, run))
    try:
        async with aclosing(run.events()) as events:
            async for event in events:
                if isinstance(event, Answered):
                    found = event
                elif isinstance(event, Failed) and event.fatal:
                    failed = event
    finally:
        stopping.cancel()
    return found, failed


async def _stop(work: Work, run: Run) -> None:
    await work.stopping.wait()
    run.stop()


def _ended(
    question: Question, run: str, found: Answered | None, failed: Failed | None, most: int
) -> QuestionEnded:
    if found is None:
        error = failed.message if failed else "the run ended without an answer"
        return QuestionEnded(question.id, run, 0, False, error, failed.hint if failed else "")
    whole = found.complete or found.ending == limit_reached(most)
    return QuestionEnded(question.id, run, len(found.sentences), whole, "" if whole else found.ending)
