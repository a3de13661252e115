"""What a question is about, in words, for reading without a model.

What counts is a word's weight, its IDF in the library: of "best pasta recipe", "best" alone is in a
library on retrieval, and its share of the question's weight is small. A question word that no paper has
weighs most, so an off-topic question finds nothing rather than the nearest nonsense.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from indexes.analysis import stems
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


@dataclass(frozen=True, slots=True)
class Subject:
    """The stems of a question with the share of its weight that each has, adding up to 1."""

    shares: Mapping[str, float]
    words: Mapping[str, str]  # each stem as the question writes it
    pairs: Mapping[tuple[str, str], float]  # neighbours in the question, with weights that add up to 1

    @property
    def needed(self) -> float:
        """The share that makes a paper relevant: nearly all of two words, about half of five.

        Set on claims and questions over abstracts: nine in ten find evidence in a library of their own
        field, one in ten or fewer in one of another field, and everyday questions next to never.
        """
        return min(1.0, 0.3 + 0.9 / max(1, len(self.shares)))

    def share(self, text: str) -> float:
        """How much of the question a text has, from 0 to 1."""
        present = set(stems(text))
        return sum(share for stem, share in self.shares.items() if stem in present)

    def phrases(self, text: str) -> float:
        """How much of the question's word pairs a text has side by side, from 0 to 1."""
        present = stems(text)
        near = {
            pair for apart in range(1, _APART + 1) for pair in zip(present, present[apart:], strict=False)
        }
        return sum(weight for (a, b), weight in self.pairs.items() if (a, b) in near or (b, a) in near)

    def missing(self, text: str) -> list[str]:
        """The question's words that a text lacks."""
        present = set(stems(text))
        return [self.words[stem] for stem in self.shares if stem not in present]


def subject_of(inquiry: Inquiry) -> Subject:
    """The question's words that say what it is about, weighted by their IDF in the library."""
    written: dict[str, str] = {}
    for word in inquiry.question.split():
        for stem in stems(word):
            written.setdefault(stem, word.strip("?.,;:!\"'()"))
    about = {stem: word for stem, word in written.items() if stem not in _asking()} or written
    unheard_of = math.log(1 + (inquiry.library.count() + 0.5) / 0.5)  # the IDF of a word that no paper has
    idf = {stem: weight or unheard_of for stem, weight in inquiry.index.idf(set(about)).items()}
    whole = sum(idf.values())
    shares = {stem: idf[stem] / whole for stem in about}
    asked = stems(inquiry.question)
    pairs = {
        (a, b): shares[a] + shares[b] for a, b in pairwise(asked) if a in shares and b in shares and a != b
    }
    in_pairs = sum(pairs.values())
    return Subject(shares, about, {pair: weight / in_pairs for pair, weight in pairs.items()})


@cache
def _asking() -> frozenset[str]:
    return frozenset(stems(_ASKING))
