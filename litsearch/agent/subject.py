"""What a question is about, in words, for reading without a model.

What counts is a word's weight: how rare it is in the library (IDF), and how topical, that is how often it
stands in the titles of the papers that have it. "Aspirin" and "retrieval" are words of titles, "reduce" and
"competitive" are not. The known words that weigh most by that are the question's topics. A question word
that no paper has weighs much, so an off-topic question finds nothing rather than the nearest nonsense.

By IDF alone, nothing was found on "competitive with dense retrieval" in a small library on retrieval, and
papers without aspirin were evidence on it. Constants were set on 120 SciFact claims and 130 other questions
over libraries of 5,000 papers and of 62, and tried on as many others. How often a word stands in titles is
told by the word as written, for there it is "aspirin" but hardly "reduces" that says what a paper is about.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from indexes.analysis import stems, words
from litsearch.agent.inquiry import Inquiry

# Words that ask, and say nothing of the subject.
_ASKING = """
what which who whom whose when where why how whether do does did can could should would may might help has
have had been being were any some there we you i me my our its them than from about between so most much many
more best
know known tell exist other well good paper study article work research evidence suggest recommend propose
explore investigate examine discuss describe focus find show use used using specifically especially previously
towards available
"""

_APART = 2  # places between two words that still make a phrase

_RARITY = 0.2  # added to IDF over its maximum: in a library on one theme, the theme's words still count
_PRIOR = 10  # papers that a word is taken to have beside its own,
_USUAL = 0.17  # with this share of titles among them, about the mean over words of questions
_TOPICS = 0.8  # of the most topical word's weight, from which another is a topic too


@dataclass(frozen=True, slots=True)
class Subject:
    """The stems of a question with the share of its weight that each has, adding up to 1."""

    shares: Mapping[str, float]
    words: Mapping[str, str]  # each stem as the question writes it
    pairs: Mapping[tuple[str, str], float]  # neighbours in the question, with weights that add up to 1
    topics: frozenset[str]  # the stems that the question turns on

    @property
    def needed(self) -> float:
        """The share that makes a paper relevant: nearly all of two words, about half of five.

        Over abstracts of their own field nearly nine in ten claims find evidence, over those of another field
        one question in ten, everyday questions one in eight in a library of 5,000 and none in one of 62.
        """
        return min(1.0, 0.3 + 0.9 / max(1, len(self.shares)))

    def share(self, text: str) -> float:
        """How much of the question a text has, from 0 to 1."""
        present = set(stems(text))
        return sum(share for stem, share in self.shares.items() if stem in present)

    def coverage(self, text: str) -> float:
        """The share that a text has, less once more the topics that it lacks.

        To ask for the topics outright cost 6 in 100 claims the paper that bears on them.
        """
        lacking = self.topics.difference(stems(text))
        return self.share(text) - math.fsum(self.shares[stem] for stem in lacking)

    def phrases(self, text: str) -> float:
        """How much of the question's word pairs a text has side by side, from 0 to 1."""
        present = stems(text)
        near = {
            pair for apart in range(1, _APART + 1) for pair in zip(present, present[apart:], strict=False)
        }
        return sum(weight for (a, b), weight in self.pairs.items() if (a, b) in near or (b, a) in near)

    def missing(self, text: str) -> list[str]:
        """The question's words that a text lacks."""
        return self._written(set(self.shares).difference(stems(text)))

    def missing_topics(self, text: str) -> list[str]:
        """The question's topics that a text lacks, as the question writes them."""
        return self._written(self.topics.difference(stems(text)))

    def _written(self, wanted: Collection[str]) -> list[str]:
        return list(dict.fromkeys(self.words[stem] for stem in self.shares if stem in wanted))


def subject_of(inquiry: Inquiry) -> Subject:
    """The question's words that say what it is about, weighted by the library."""
    written: dict[str, str] = {}
    exact: dict[str, str] = {}
    for word in inquiry.about.split():
        for part in words(word):
            for stem in stems(part, query=True):
                written.setdefault(stem, word.strip("?.,;:!\"'()"))
                exact.setdefault(stem, part)
    about = {stem: word for stem, word in written.items() if stem not in _asking()} or written
    idf = inquiry.index.idf(set(about))
    titles = inquiry.index.titles({exact[stem] for stem in about})
    most = math.log(1 + (inquiry.library.count() + 0.5) / 0.5)  # the IDF of a word that no paper has
    weights = {stem: weight(idf[stem] or most, most, *titles[exact[stem]]) for stem in about}
    whole = math.fsum(weights.values())
    shares = {stem: weights[stem] / whole for stem in about}
    asked = stems(inquiry.about)
    pairs = {
        (a, b): shares[a] + shares[b] for a, b in pairwise(asked) if a in shares and b in shares and a != b
    }
    in_pairs = sum(pairs.values())
    topicality = {stem: idf[stem] * titled(*titles[exact[stem]]) for stem in about}
    return Subject(
        shares, about, {pair: weight / in_pairs for pair, weight in pairs.items()}, topics(topicality)
    )


def weight(idf: float, most: float, titles: int, papers: int) -> float:
    """A word's weight from its IDF, the largest there is, and how many titles and papers have it.

    The root keeps apart what the titles tell and still lets other words count: without it half as many again
    questions of another field found evidence.
    """
    return (_RARITY + idf / most) * math.sqrt((titles + _PRIOR * _USUAL) / (papers + _PRIOR))


def titled(titles: int, papers: int) -> float:
    """The share of titles among the papers that have a word, low where there are too few to tell."""
    return titles / (papers + _PRIOR)


def topics(topicality: Mapping[str, float]) -> frozenset[str]:
    """The most topical stem and those close to it; none where none stands in a title."""
    least = _TOPICS * max(topicality.values(), default=0.0)
    return frozenset(stem for stem, value in topicality.items() if value >= least > 0)


@cache
def _asking() -> frozenset[str]:
    return frozenset(stems(_ASKING))
