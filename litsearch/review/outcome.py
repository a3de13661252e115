"""What a review came to, put together from its record, the runs of its questions and the library."""

import json
from collections import Counter
from dataclasses import replace

from litsearch.agent.events import Answered, Spent
from litsearch.agent.ledger import Ledger
from litsearch.library import Library
from litsearch.papers import StoredPaper
from litsearch.review.answering import ending, run_name
from litsearch.review.events import QuestionEnded
from litsearch.review.protocol import Protocol
from litsearch.review.record import Kept, Record, paid
from litsearch.review.result import Flow, QuestionResult, ReviewResult, ReviewStatus, ScreenedPaper
from litsearch.review.screening import included
from litsearch.review.state import State
from litsearch.screening.decisions import USER

_BEGUN = "SELECT id FROM runs WHERE id IN (SELECT value FROM json_each(?))"
UNENDED = "The review has not ended: litsearch review resume carries it on"


def load(ledger: Ledger, library: Library, review: str) -> ReviewResult:
    """The result of a review as far as it came. Raises RunError where there is none of that id."""
    record = Record.named(ledger, review)
    kept = record.kept()
    state = State()
    for event in record.events():
        state.apply(event)
    questions = results(kept.protocol, state, ledger)
    problems = [f"{trouble.stage}: {trouble.message}" for trouble in state.troubles]
    problems += [f"{each.id}: {each.error}" for each in questions if each.error]
    if state.ended is None:
        problems.append(UNENDED)
    return ReviewResult(
        protocol=kept.protocol,
        flow=flow(kept.protocol, state, kept.manifest.model),
        screened=screened(state),
        extracted=tuple(sorted(state.extracted.values(), key=lambda row: row.key)),
        questions=questions,
        synthesis=state.synthesis or (),
        papers=tuple(_papers(library, kept, state, questions)),
        spent=spent(kept.protocol, record, ledger),
        status=status(state, questions),
        manifest=replace(kept.manifest, finished_at=record.ended_at()),
        problems=tuple(problems),
        changes=tuple((id_, ended.change) for id_, ended in _in_order(kept.protocol, state) if ended.change),
    )


def results(protocol: Protocol, state: State, ledger: Ledger) -> tuple[QuestionResult, ...]:
    """One for each question, in the protocol's order."""
    found = []
    named = json.dumps(list(state.runs.values()))
    begun = {run for (run,) in ledger.rows(_BEGUN, named)}  # one may have been killed before it began
    for question in protocol.questions:
        run, ended = state.runs.get(question.id, ""), state.questions.get(question.id)
        run = run if run in begun else ""
        answered = ending(ledger, run)[0] if run and ended else None
        error, hint = (ended.error, ended.hint) if ended else ("it was not asked", "Resume the review")
        found.append(QuestionResult(question.id, question.question, run, answered, error, hint))
    return tuple(found)


def screened(state: State) -> tuple[ScreenedPaper, ...]:
    """The candidates that were screened, in the candidates' order."""
    order = state.deduplicated.papers if state.deduplicated else ()
    return tuple(state.screened[paper] for paper in order if paper in state.screened)


def flow(protocol: Protocol, state: State, model: str) -> Flow:
    """The counts of a PRISMA flow diagram."""
    found = state.deduplicated
    if found is None:
        return Flow()
    decided = screened(state)
    taken = set(included(protocol, state, found.papers, model))
    excluded = Counter(_reason(paper) for paper in decided if paper.verdict == "exclude")
    reasons = sorted(excluded.items(), key=lambda item: (-item[1], item[0]))
    unsure = sum(paper.verdict == "maybe" for paper in decided if paper.id not in taken)
    return Flow(
        identified=tuple((source.name, source.records) for source in found.sources),
        duplicates=found.merged + len(found.duplicates),
        screened=len(decided),
        excluded=(*reasons, *((("not clearly relevant", unsure),) if unsure else ())),
        included=len(taken),
        undecided=len({*found.papers} - {paper.id for paper in decided} - taken),
    )


def _reason(paper: ScreenedPaper) -> str:
    """Why a paper was excluded, as it is counted: a user's words are few, a model's are others each time."""
    if paper.by == USER:
        return paper.reason or "no reason given"
    return paper.criterion or "by no single criterion"


def status(state: State, questions: tuple[QuestionResult, ...]) -> ReviewStatus:
    """See :data:`litsearch.review.result.ReviewStatus`."""
    whole = all(
        question.id in state.questions and state.questions[question.id].whole for question in questions
    )
    if whole and state.ended is not None and not state.troubles:
        return "complete"
    something = any(question.answered for question in questions) or state.screened or state.extracted
    return "partial" if something or (state.deduplicated and not questions) else "failed"


def spent(protocol: Protocol, record: Record, ledger: Ledger) -> Spent:
    """What was paid in all attempts. ``cached`` counts the replies that the answers needed and had from the
    cache, which no other attempt of this review had paid for."""
    runs = [run_name(record.id, question.id) for question in protocol.questions]
    whole = paid(ledger, [record.id, *runs])
    cached = 0
    for run in runs:
        last = ending(ledger, run)[1]
        if last is not None:
            cached += max(0, last.calls + last.cached - paid(ledger, [run]).calls)
    return replace(whole, cached=cached)


def _in_order(protocol: Protocol, state: State) -> list[tuple[str, QuestionEnded]]:
    return [(each.id, state.questions[each.id]) for each in protocol.questions if each.id in state.questions]


def _papers(
    library: Library, kept: Kept, state: State, questions: tuple[QuestionResult, ...]
) -> list[StoredPaper]:
    """Included after a screening, extracted or quoted ones that are still there, by key."""
    decided = [paper.id for paper in screened(state)]
    wanted = {*included(kept.protocol, state, decided, kept.manifest.model), *state.extracted}
    for each in questions:
        if each.answered:
            wanted |= _quoted(each.answered)
    return sorted(library.papers(sorted(wanted)), key=lambda stored: stored.key)


def _quoted(answered: Answered) -> set[int]:
    return {finding.quote.id for finding in answered.findings}
