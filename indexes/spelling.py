"""The nearest spelling that some paper has, for a query that found nothing."""

import re
from collections.abc import Callable, Mapping

from indexes import analysis

_WORD = re.compile(r"[^\W\d_]{3,}(?![\w:*])")  # no numbers, no field names, no truncations
_OPERATORS = ("AND", "OR", "NOT")

RARE = 5  # papers: abstracts have slips too, so a rare word gives way to one that is much more frequent
TIMES = 50


def correct(
    text: str, frequency: Callable[[str], int], beginning: Callable[[str], Mapping[str, int]]
) -> str | None:
    """The text with its unknown or very rare words replaced, or None where nothing better is known.

    ``frequency`` says in how many papers a folded word occurs, ``beginning`` which words have a prefix, each
    with its frequency.
    """

    def replacement(found: re.Match[str]) -> str:
        word = found[0]
        folded = analysis.words(word, query=True)
        if word in _OPERATORS or len(folded) != 1:
            return word
        known = frequency(folded[0])
        if known > RARE:
            return word
        return nearest(folded[0], beginning, known * TIMES) or word

    corrected = _WORD.sub(replacement, text)
    return corrected if corrected != text else None


def nearest(word: str, beginning: Callable[[str], Mapping[str, int]], least: int = 0) -> str | None:
    """The most frequent of the words at the least distance: one slip, or two in words of six letters or more.

    Words in fewer than ``least`` papers don't count.
    The first letter is trusted, or the second one where the two may have changed places.
    """
    allowed = 2 if len(word) >= 6 else 1
    for prefix in (word[0], word[1]):
        best = _best(word, beginning(prefix), allowed, least)
        if best:
            return best
    return None


def _best(word: str, candidates: Mapping[str, int], allowed: int, least: int) -> str | None:
    best: tuple[int, int, str] | None = None
    letters = set(word)
    for candidate, count in candidates.items():
        if (
            count < least
            or abs(len(candidate) - len(word)) > allowed
            or len(set(candidate) ^ letters) > 2 * allowed
        ):
            continue
        apart = distance(word, candidate)
        if 0 < apart <= allowed:
            best = min(best or (allowed + 1, 0, ""), (apart, -count, candidate))
    return best[2] if best else None


def distance(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with a neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, target in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
