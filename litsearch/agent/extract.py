"""Reading without a model: papers judged by the question's words, evidence picked sentence by sentence."""

import asyncio
from collections.abc import Sequence

from indexes.passages import score_passages
from litsearch.agent import evidence
from litsearch.agent.events import Distilled, Finding, Judged, Quote
from litsearch.agent.evidence import Passage
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.sentences import split
from litsearch.agent.strength import strength
from litsearch.agent.subject import Subject, subject_of
from litsearch.papers import StoredPaper

# Parts of the share that a relevant paper needs (Subject.needed)
SENTENCE = 0.6  # its best sentence or title, and each sentence to be quoted
_UNDER_TITLE = 0.5  # times that, for a sentence whose title has the needed share by itself
_PASSING = 0.3  # its title or a second sentence; else the words meet in passing
_SHORT = 2  # sentences of an abstract that has no room to say it twice
_TOPIC = (0.7, 0.4)  # whole paper and best sentence of a paper that is on the topic, no more
_ANSWERS = (0.75, 0.6)  # shares of the whole paper and of its best sentence that may answer the question


async def judge_all(inquiry: Inquiry, papers: Sequence[StoredPaper]) -> list[Judged]:
    """Relevance of each paper from the share of the question's words that it has."""
    return await asyncio.to_thread(_judge_all, inquiry, papers)


async def distill_all(
    inquiry: Inquiry,
    papers: Sequence[StoredPaper],
    first: int,
    *,
    part: float = SENTENCE,
    most: int = evidence.MOST_PASSAGES,
) -> list[Distilled]:
    """Evidence from the papers, the best sentences first, redundant ones left out (MMR), numbered from
    ``first`` on; one result for each paper that has any. A sentence has at least that part of the share of
    the question that a relevant paper needs, or half that under a title that has all of it."""
    return await asyncio.to_thread(_distill_all, inquiry, papers, first, part, most)


def _judge_all(inquiry: Inquiry, papers: Sequence[StoredPaper]) -> list[Judged]:
    subject = subject_of(inquiry)
    return [_judge(subject, stored) for stored in papers]


def _judge(subject: Subject, stored: StoredPaper) -> Judged:
    paper = stored.paper
    text = f"{paper.title}\n{paper.abstract}"
    sentences = [paper.abstract[span.start : span.end] for span in split(paper.abstract)]
    title = subject.share(paper.title)
    second, best = sorted((0.0, 0.0, *map(subject.share, sentences)))[-2:]
    relevance = _relevance(subject.coverage(text), max(title, best), subject.needed)
    in_passing = len(sentences) > _SHORT and max(title, second) < _PASSING * subject.needed
    if in_passing:
        relevance = min(relevance, 1)
    reason = _reason(subject, text, in_passing)
    return Judged(stored.id, stored.key, paper.title, relevance, reason, "program")


def _reason(subject: Subject, text: str, in_passing: bool) -> str:
    missing, topics = subject.missing(text), subject.missing_topics(text)
    reason = "It has all of the question's words"
    if missing:
        percent = round(subject.share(text) * 100)
        reason = f"It has {percent}% of the question by weight; it lacks {', '.join(missing)}"
    if topics:
        return f"{reason}, and the question turns on {', '.join(topics)}."
    return f"{reason}, in one sentence only." if in_passing and subject.share(text) else f"{reason}."


def _relevance(whole: float, best: float, needed: float) -> int:
    if whole < needed or best < SENTENCE * needed:
        return 1 if whole >= _TOPIC[0] * needed and best >= _TOPIC[1] * needed else 0
    return 3 if whole >= max(_ANSWERS[0], needed) and best >= _ANSWERS[1] else 2


def _distill_all(
    inquiry: Inquiry, papers: Sequence[StoredPaper], first: int, part: float, most: int
) -> list[Distilled]:
    subject = subject_of(inquiry)
    candidates = [
        passage
        for stored in papers
        for passage in evidence.passages(stored)
        if subject.share(passage.text) >= part * _needed_of_sentence(subject, stored)
    ]
    if not candidates:
        return []
    scores = score_passages(inquiry.index, inquiry.question, [passage.text for passage in candidates])
    fits = [
        evidence.fit(subject, passage, similar)
        for passage, similar in zip(candidates, scores.relevance, strict=True)
    ]
    taken: dict[int, list[Passage]] = {}
    for at in evidence.choose(candidates, fits, scores.similarity, most):
        taken.setdefault(candidates[at].paper.id, []).append(candidates[at])
    distilled = []
    for own in taken.values():
        findings = tuple(_finding(passage, n) for n, passage in enumerate(own, first))
        first += len(findings)
        distilled.append(Distilled(own[0].paper.id, own[0].paper.key, findings, ()))
    return distilled


def _needed_of_sentence(subject: Subject, stored: StoredPaper) -> float:
    """Less where the title says what the sentences are about: they need not say it again."""
    titled = subject.share(stored.paper.title) >= subject.needed
    return subject.needed * (_UNDER_TITLE if titled else 1.0)


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
    return Finding(number, passage.text, quote, "unjudged", "program", strength=strength(stored.paper))
