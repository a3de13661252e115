"""Reading without a model: papers judged by the question's words, evidence picked sentence by sentence."""

import asyncio
from collections.abc import Sequence

from indexes.passages import score_passages
from litsearch.agent import evidence
from litsearch.agent.events import Distilled, Finding, Judged, Quote
from litsearch.agent.evidence import Passage
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.sentences import split
from litsearch.agent.subject import Subject, subject_of
from litsearch.papers import StoredPaper

# Parts of the share that a relevant paper needs (Subject.needed)
SENTENCE = 0.6  # its best sentence or title, and each sentence to be quoted
_TOPIC = (0.7, 0.4)  # whole paper and best sentence of a paper that is on the topic, no more
_ANSWERS = (0.75, 0.6)  # shares of the whole paper and of its best sentence that may answer the question


async def judge_all(inquiry: Inquiry, papers: Sequence[StoredPaper]) -> list[Judged]:
    """Relevance of each paper from the share of the question's words that it has."""
    return await asyncio.to_thread(_judge_all, inquiry, papers)


async def distill_all(
    inquiry: Inquiry, papers: Sequence[StoredPaper], first: int, *, part: float = SENTENCE
) -> list[Distilled]:
    """Evidence from the papers, the best sentences first, redundant ones left out (MMR), numbered from
    ``first`` on; one result for each paper that has any. A sentence has at least that part of the share of
    the question that a relevant paper has."""
    return await asyncio.to_thread(_distill_all, inquiry, papers, first, part)


def _judge_all(inquiry: Inquiry, papers: Sequence[StoredPaper]) -> list[Judged]:
    subject = subject_of(inquiry)
    return [_judge(subject, stored) for stored in papers]


def _judge(subject: Subject, stored: StoredPaper) -> Judged:
    paper = stored.paper
    text = f"{paper.title}\n{paper.abstract}"
    passages = [paper.abstract[span.start : span.end] for span in split(paper.abstract)]
    whole = subject.share(text)
    best = max(subject.share(passage) for passage in (paper.title, *passages))
    missing = subject.missing(text)
    reason = "It has all of the question's words."
    if missing:
        reason = f"It has {round(whole * 100)}% of the question by weight; it lacks {', '.join(missing)}."
    relevance = _relevance(whole, best, subject.needed)
    return Judged(stored.id, stored.key, paper.title, relevance, reason, "program")


def _relevance(whole: float, best: float, needed: float) -> int:
    if whole < needed or best < SENTENCE * needed:
        return 1 if whole >= _TOPIC[0] * needed and best >= _TOPIC[1] * needed else 0
    return 3 if whole >= max(_ANSWERS[0], needed) and best >= _ANSWERS[1] else 2


def _distill_all(
    inquiry: Inquiry, papers: Sequence[StoredPaper], first: int, part: float = SENTENCE
) -> list[Distilled]:
    subject = subject_of(inquiry)
    candidates = [
        passage
        for stored in papers
        for passage in evidence.passages(stored)
        if subject.share(passage.text) >= part * subject.needed
    ]
    if not candidates:
        return []
    scores = score_passages(inquiry.index, inquiry.question, [passage.text for passage in candidates])
    fits = [
        evidence.fit(subject, passage, similar)
        for passage, similar in zip(candidates, scores.relevance, strict=True)
    ]
    taken: dict[int, list[Passage]] = {}
    for at in evidence.choose(candidates, fits, scores.similarity):
        taken.setdefault(candidates[at].paper.id, []).append(candidates[at])
    distilled = []
    for own in taken.values():
        findings = tuple(_finding(passage, n) for n, passage in enumerate(own, first))
        first += len(findings)
        distilled.append(Distilled(own[0].paper.id, own[0].paper.key, findings, ()))
    return distilled


def _finding(passage: Passage, number: int) -> Finding:
    stored, span = passage.paper, passage.span
    quote = Quote(
        id=stored.id,
        key=stored.key,
        field="abstract",
        start=span.start,
        end=span.end,
        text=passage.text,
        is_summary=stored.paper.is_summary,
    )
    return Finding(number, passage.text, quote, "background", "program")
