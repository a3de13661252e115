"""What a question is about, in words, for reading without a model.

What counts is a word's weight, its IDF in the library: of "best pasta recipe", "best" alone is in a
library on retrieval, and its share of the question's weight is small. A question word that no paper has
weighs most, so an off-topic question finds nothing rather than the nearest nonsense.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from indexes.analysis import stems
from litsearch.agent.inquiry import Inquiry

# Words that ask, and say nothing of the subject.
_ASKING = """
what which who whom whose when where why how whether do does did can could should would may might has have had
been being were any some there we you i me my our its them than from about between so most much many more best
know known tell exist other well good paper study article work research evidence suggest recommend propose
explore investigate examine discuss describe focus find show use used using specifically especially previously
towards available
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """The stems of a question with the share of its weight that each has, adding up to 1."""

    shares: Mapping[str, float]
    words: Mapping[str, str]  # each stem as the question writes it

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
    return Subject({stem: idf[stem] / whole for stem in about}, about)


@cache
def _asking() -> frozenset[str]:
    return frozenset(stems(_ASKING))
