"""Concepts: multi-word research terms that are dimensions of the sparse vectors beside the word pieces.

A concept is found in a text where its words stand next to each other, whatever their endings. The list has
one a line, the phrase and its stems (which take 0.1 s to find again for 8,000); a concept's token id is the
place of its line after the word pieces.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from indexes import analysis
from indexes.errors import EncoderError

WORD_PIECES = 30_522  # of BERT's vocabulary; the first concept has the next id
LONGEST = 4  # words

Key = tuple[str, ...]  # the stems of a phrase


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """The word's stem; empty for a stop word, which no concept has."""
    return "".join(analysis.analyser(analysis.STEMS).analyze(word))


def key(phrase: str) -> Key:
    """What a phrase is known by; empty where it has a stop word."""
    stems = tuple(_stem(word) for word in analysis.words(phrase))
    return stems if all(stems) else ()


def phrases(text: str, longest: int = LONGEST) -> Iterator[tuple[Key, str, int]]:
    """Every run of 2 to ``longest`` words without a stop word: its key, its words, the place of the first."""
    words = analysis.words(text)
    stems = [_stem(word) for word in words]
    for start in range(len(words) - 1):
        for end in range(start + 1, min(start + longest, len(words))):
            if not (stems[start] and stems[end]):
                break
            yield tuple(stems[start : end + 1]), " ".join(words[start : end + 1]), start


class Concepts:
    """A list of concepts, and where they are in texts."""

    def __init__(self, names: Sequence[str], keys: Sequence[Key] | None = None) -> None:
        """``keys`` are those of the names, where they are known."""
        self.names = tuple(names)
        self._keys = tuple(map(key, names)) if keys is None else keys
        self._ids: Mapping[Key, int] = {each: WORD_PIECES + at for at, each in enumerate(self._keys)}
        self._beginnings = frozenset(each[:2] for each in self._ids)
        self._longest = max((len(each) for each in self._ids), default=0)

    @classmethod
    def read(cls, file: Path) -> "Concepts":
        """EncoderError where the file is no such list."""
        try:
            lines = [line.split("\t") for line in file.read_text(encoding="utf-8").split("\n")[:-1]]
            return cls([name for name, _ in lines], [tuple(stems.split(" ")) for _, stems in lines])
        except ValueError as error:
            raise EncoderError(
                f"{file} is no list of concepts: {error}", "Train the encoder again."
            ) from error

    def write(self, file: Path) -> None:
        lines = (f"{name}\t{' '.join(stems)}\n" for name, stems in zip(self.names, self._keys, strict=True))
        file.write_text("".join(lines), encoding="utf-8")

    def name(self, id: int) -> str:  # noqa: A002
        return self.names[id - WORD_PIECES]

    def find(self, text: str) -> Counter[int]:
        """Token id of each concept in the text, and how often it is there; one within another counts too."""
        found: Counter[int] = Counter()
        stems = [_stem(word) for word in analysis.words(text)]
        for start, pair in enumerate(pairwise(stems)):
            if pair not in self._beginnings:
                continue
            for length in range(2, min(self._longest, len(stems) - start) + 1):
                known = self._ids.get(tuple(stems[start : start + length]))
                if known is not None:
                    found[known] += 1
        return found
