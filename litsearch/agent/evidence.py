"""Which sentences of papers answer a question best, picked without a model. Pure, but for the text's stems.

Weights and cuts were set on claims whose rationale sentences people have marked (SciFact): the best sentence
is marked as often again by a quarter, and of all picked nearly twice as many, as by similarity and MMR alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexes.passages import mmr
from indexes.types import Span
from litsearch.agent.quotes import MIN_WORDS, count_words
from litsearch.agent.sentences import split
from litsearch.agent.subject import Subject
from litsearch.papers import StoredPaper

MOST_PASSAGES = 6  # in all: fewer and better ones, no padding
MOST_OF_ONE = 2  # of one paper
LONGEST = 90  # words of a passage; longer ones are lists, or were not split

_ALIKE = 0.8  # similarity from which one passage repeats another
_BALANCE = 0.9  # of fit against novelty in MMR
_CLOSE = 0.7  # of the best passage's fit, that another one needs

# What counts beside the share of the question's words that a passage has
_PHRASES = 0.25  # the share of the question's word pairs
_SIMILAR = 0.25  # lexical, sparse and dense similarity
_WHOLE = 0.25  # the share that the whole paper has
_LATE = 0.25  # how late it comes: abstracts end with what was found
_RESULT = 0.1  # it reports a result
_LEANS = -0.1  # it needs the sentence before it

_LEANING = re.compile(
    r"(?:(?:However|Moreover|Thus|Also|Finally|Further|Furthermore|In addition), )?(?:we \w+ (?:that )?)?"
    r"(?:it|its|they|their|this|these|those)\b(?! (?:paper|article|work|study|thesis|survey|tutorial)\b)",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:show(?:s|ed|n)?|f(?:ou|i)nd(?:s|ings)?|results?|suggest\w*|conclu\w+|demonstrat\w+|reveal\w*|indicat\w+"
    r"|significant\w*|improv\w+|outperform\w*|(?:in|de)creas\w+|reduc\w+|higher|lower|better|worse|fail\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an abstract, or two where the second can't stand alone."""

    paper: StoredPaper
    span: Span
    place: float  # in the abstract: above 0 to 1, its end
    leans: bool  # its last sentence refers to what was said before it

    @property
    def text(self) -> str:
        return self.paper.paper.abstract[self.span.start : self.span.end]

    def overlaps(self, other: "Passage") -> bool:
        apart = self.span.end <= other.span.start or other.span.end <= self.span.start
        return self.paper.id == other.paper.id and not apart


def passages(stored: StoredPaper) -> list[Passage]:
    """What may be quoted of an abstract, in order."""
    text = stored.paper.abstract
    spans = split(text)
    found = []
    for n, span in enumerate(spans):
        leans = bool(_LEANING.match(text, span.start))
        if leans and n and count_words(text[spans[n - 1].start : span.end]) <= LONGEST:
            span = Span(spans[n - 1].start, span.end)
        if MIN_WORDS <= count_words(text[span.start : span.end]) <= LONGEST:
            found.append(Passage(stored, span, (n + 1) / len(spans), leans))
    return found


def fit(subject: Subject, passage: Passage, similar: float) -> float:
    """How well a passage answers, above 0; ``similar`` is its similarity to the question, from 0 to 1."""
    paper = passage.paper.paper
    return (
        subject.share(passage.text)
        + _PHRASES * subject.phrases(passage.text)
        + _SIMILAR * similar
        + _WHOLE * subject.share(f"{paper.title}\n{paper.abstract}")
        + _LATE * passage.place
        + _RESULT * bool(_REPORTS.search(passage.text))
        + _LEANS * passage.leans
    )


def choose(
    candidates: Sequence[Passage],
    fits: Sequence[float],
    similarity: Sequence[Sequence[float]],
    most: int = MOST_PASSAGES,
) -> list[int]:
    """Positions of the passages to quote, the best first: those nearly as good as the best one, by maximal
    marginal relevance, none that repeats another."""
    chosen: list[int] = []
    close = [at for at, value in enumerate(fits) if value >= _CLOSE * max(fits)]
    order = mmr(
        [fits[at] for at in close], [[similarity[a][b] for b in close] for a in close], len(close), _BALANCE
    )
    for at in (close[n] for n in order):
        own = [other for other in chosen if candidates[other].paper.id == candidates[at].paper.id]
        repeats = any(
            similarity[at][other] > _ALIKE or candidates[at].overlaps(candidates[other]) for other in chosen
        )
        if not repeats and len(own) < MOST_OF_ONE and len(chosen) < most:
            chosen.append(at)
    return chosen
