"""Reading without a model: papers judged by the question's words, evidence picked sentence by sentence.

What counts is a word's weight, its IDF in the library: of "best pasta recipe", "best" alone is in a
library on retrieval, and its share of the question's weight is small. A question word that no paper has
weighs most, so an off-topic question finds nothing rather than the nearest nonsense.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexes.analysis import stems
from indexes.passages import mmr, score_passages
from indexes.types import Span
from litsearch.agent.events import Distilled, Finding, Judged, Quote
from litsearch.agent.inquiry import Inquiry
from litsearch.agent.quotes import MIN_WORDS, count_words
from litsearch.agent.sentences import split
from litsearch.papers import StoredPaper

MOST_PASSAGES = 8  # findings in all
MOST_OF_ONE = 2  # findings of one paper
LONGEST = 90  # words of a passage; longer ones are lists, or were not split

ANSWERS = (0.75, 0.7)  # shares of the question's weight, of the whole paper and of its best sentence: 3
BEARS_ON = (0.55, 0.4)  # 2
SAME_TOPIC = (0.4, 0.25)  # 1
PASSAGE = 0.4  # share that a passage must have

_ASKING = frozenset(
    stem
    for word in (
        *(
            "what",
            "which",
            "who",
            "whom",
            "whose",
            "when",
            "where",
            "why",
            "how",
            "whether",
            "do",
            "does",
            "did",
        ),
        *("can", "could", "should", "would", "may", "might", "has", "have", "had", "been", "being", "were"),
        *(
            "any",
            "some",
            "there",
            "we",
            "you",
            "i",
            "me",
            "my",
            "our",
            "its",
            "them",
            "than",
            "from",
            "about",
        ),
        *("between", "so", "most", "much", "many", "more", "best", "know", "known", "tell", "paper", "study"),
        *("evidence", "literature", "research", "find", "show", "use", "used", "using", "work", "exist"),
    )
    for stem in stems(word)
)  # words that ask, and say nothing of the subject


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: its stems with the share of its weight that each has, adding up to 1."""

    shares: Mapping[str, float]
    words: Mapping[str, str]  # each stem as the question writes it

    def share(self, text: str) -> float:
        present = set(stems(text))
        return sum(share for stem, share in self.shares.items() if stem in present)

    def missing(self, text: str) -> list[str]:
        present = set(stems(text))
        return [self.words[stem] for stem in self.shares if stem not in present]


@dataclass(frozen=True, slots=True)
class _Passage:
    paper: StoredPaper
    span: Span

    @property
    def text(self) -> str:
        return self.paper.paper.abstract[self.span.start : self.span.end]


async def judge_all(inquiry: Inquiry, papers: Sequence[StoredPaper]) -> list[Judged]:
    """Relevance of each paper from the share of the question's words that it has."""
    return await asyncio.to_thread(_judge_all, inquiry, papers)


async def distill_all(inquiry: Inquiry, papers: Sequence[StoredPaper], first: int) -> list[Distilled]:
    """Evidence from the papers, the best sentences first, redundant ones left out (MMR), numbered from
    ``first`` on; one result for each paper that has any."""
    return await asyncio.to_thread(_distill_all, inquiry, papers, first)


def subject_of(inquiry: Inquiry) -> Subject:
    """The question's words that say what it is about, weighted by their IDF in the library."""
    written: dict[str, str] = {}
    for word in inquiry.question.split():
        for stem in stems(word):
            written.setdefault(stem, word.strip("?.,;:!\"'()"))
    about = {stem: word for stem, word in written.items() if stem not in _ASKING} or written
    unheard_of = math.log(1 + (inquiry.library.count() + 0.5) / 0.5)  # the IDF of a word that no paper has
    idf = {stem: weight or unheard_of for stem, weight in inquiry.index.idf(set(about)).items()}
    whole = sum(idf.values())
    return Subject({stem: idf[stem] / whole for stem in about}, about)


def _judge_all(inquiry: Inquiry, papers: Sequence[StoredPaper]) -> list[Judged]:
    subject = subject_of(inquiry)
    return [_judge(subject, stored) for stored in papers]


def _judge(subject: Subject, stored: StoredPaper) -> Judged:
    paper = stored.paper
    text = f"{paper.title}\n{paper.abstract}"
    passages = [paper.abstract[span.start : span.end] for span in split(paper.abstract)]
    whole = subject.share(text)
    best = max((subject.share(passage) for passage in (paper.title, *passages)), default=0.0)
    relevance = 0
    for level, (least_whole, least_best) in ((1, SAME_TOPIC), (2, BEARS_ON), (3, ANSWERS)):
        if whole >= least_whole and best >= least_best:
            relevance = level
    missing = subject.missing(text)
    reason = f"It lacks {', '.join(missing)}." if missing else "It has all of the question's words."
    if whole and missing:
        reason = (
            f"It has {round(whole * 100)}% of the question by weight of words; it lacks {', '.join(missing)}."
        )
    return Judged(stored.id, stored.key, paper.title, relevance, reason, "program")


def _distill_all(inquiry: Inquiry, papers: Sequence[StoredPaper], first: int) -> list[Distilled]:
    subject = subject_of(inquiry)
    passages = [
        passage
        for stored in papers
        for passage in _passages(stored)
        if subject.share(passage.text) >= PASSAGE
    ]
    if not passages:
        return []
    scores = score_passages(inquiry.index, inquiry.question, [passage.text for passage in passages])
    taken: dict[int, list[_Passage]] = {}
    count = 0
    for at in mmr(scores.relevance, scores.similarity, len(passages)):
        own = taken.setdefault(passages[at].paper.id, [])
        if len(own) < MOST_OF_ONE and count < MOST_PASSAGES:
            own.append(passages[at])
            count += 1
    distilled = []
    for own in taken.values():
        if own:
            findings = tuple(_finding(passage, n) for n, passage in enumerate(own, first))
            first += len(findings)
            distilled.append(Distilled(own[0].paper.id, own[0].paper.key, findings, ()))
    return distilled


def _passages(stored: StoredPaper) -> list[_Passage]:
    passages = [_Passage(stored, span) for span in split(stored.paper.abstract)]
    return [passage for passage in passages if MIN_WORDS <= count_words(passage.text) <= LONGEST]


def _finding(passage: _Passage, number: int) -> Finding:
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
