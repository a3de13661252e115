"""The shipped sparse encoder: word pieces weighted by saturated term frequency, no neural network.

A document's impacts are BM25's term-frequency part with the length normalised by a fixed average, since what
is stored with one document can't depend on the others; a query is counts, to be weighted by the collection's
own IDF (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from importlib.resources import files
from math import log

from indexes.analysis import STOP_WORDS, fold

VERSION = 1  # raise it whenever the same text would give other weights
SATURATION = 1.6  # k1; 1.2 and 2.0 were no better on four collections
LENGTH_SHARE = 0.75  # b
AVERAGE_LENGTH = 150  # word pieces of a title with abstract, without stop words
HEAVIEST = 300  # word pieces kept of a document; with 100 nDCG@10 fell from .675 to .634 on SciFact
LONGEST_WORD = 100  # characters
REMEMBERED = 100_000  # words in the table, some 20 MB: those met first are nearly all that is met later
COMMONEST = 1996  # id of “the”: words and pieces follow it in about the order of their frequency

# Words, and characters of Han script, which BERT's vocabulary has one by one.
_WORDS = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)


@dataclass(eq=False)
class WordPieces:
    """Splits words greedily into BERT's pieces, as BERT does (Wu et al., Google's Neural Machine
    Translation System, 2016), but keeps letters and digits only and drops words with an unknown piece.

    In Python with a table of the words met so far: 4 times as quick as the tokenizers library on two cores,
    which also takes 40 ms to load, this 10.
    """

    name: str = "wordpieces"
    cheap: bool = True
    idf_weighted: bool = True
    ceiling: float = 0.9  # reached at ten occurrences or more
    _pieces: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def hash(self) -> str:
        constants = (VERSION, SATURATION, LENGTH_SHARE, AVERAGE_LENGTH, HEAVIEST, sorted(STOP_WORDS))
        return hashlib.sha256(repr(constants).encode()).hexdigest()[:32]

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        return [self._impacts(text) for text in texts]

    def query(self, text: str) -> Mapping[int, float]:
        return Counter(self._ids(text))

    def token(self, id: int) -> str:  # noqa: A002
        return self._tokens[id]

    def spell(self, text: str) -> Mapping[int, str]:
        words: dict[int, str] = {}
        for word in _WORDS.findall(fold(text)):
            for piece in self._split(word):
                words.setdefault(piece, word)
        return words

    def _impacts(self, text: str) -> dict[int, float]:
        ids = self._ids(text)
        saturation = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * len(ids) / AVERAGE_LENGTH)
        impacts = {piece: count / (count + saturation) for piece, count in Counter(ids).items()}
        if len(impacts) <= HEAVIEST:
            return impacts
        # Rare pieces count most in a query, and a piece's place in the vocabulary tells how rare it is.
        return dict(
            nlargest(HEAVIEST, impacts.items(), lambda item: item[1] * log(max(item[0] - COMMONEST, 2)))
        )

    def _ids(self, text: str) -> list[int]:
        pieces = self._pieces
        ids: list[int] = []
        for word in _WORDS.findall(fold(text)):
            known = pieces.get(word)
            ids.extend(self._split(word) if known is None else known)
        return ids

    def _split(self, word: str) -> tuple[int, ...]:
        """The longest piece that the word begins with, then that of the rest; nothing if any is unknown."""
        known = self._pieces.get(word)
        if known is not None:
            return known
        ids: list[int] = []
        start = 0 if word not in STOP_WORDS and len(word) <= LONGEST_WORD else len(word)
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                piece = self._vocabulary.get(prefix + word[start:end])
                if piece is not None:
                    ids.append(piece)
                    start = end
                    break
            else:
                ids = []
                break
        if len(self._pieces) < REMEMBERED:
            self._pieces[word] = tuple(ids)
        return tuple(ids)

    @cached_property
    def _tokens(self) -> list[str]:
        return files("indexes").joinpath("wordpieces.txt").read_text(encoding="utf-8").split("\n")

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return dict(zip(self._tokens, range(len(self._tokens)), strict=True))
