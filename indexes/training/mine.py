"""Concepts mined from titles and author keyphrases: word sequences that occur often and belong together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice
from math import log

from indexes.concepts import Concepts, Key, key, phrases
from indexes.pieces import FUNCTION_WORDS
from indexes.training.papers import TrainingPaper

LONGEST = 3  # words of a phrase from titles; authors' own may be a word longer
TITLES = 12  # with the phrase, at least
AUTHORS = 5  # papers with the phrase among their keyphrases, at least
COHESION = 0.35  # least normalised pointwise mutual information (Bouma 2009) of a phrase's two halves

_PLAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9 -]+")


def mine_concepts(
    papers: Iterable[TrainingPaper], count: int, *, least: tuple[int, int] = (TITLES, AUTHORS)
) -> Concepts:
    """The most frequent phrases that authors name, or whose words are seen together more than apart.
    ``least`` is how many titles a phrase must stand in, or how many papers' authors must name it."""
    titles: Counter[Key] = Counter()
    words: Counter[str] = Counter()
    authors: Counter[Key] = Counter()
    written: dict[Key, Counter[str]] = defaultdict(Counter)
    total = 0
    for paper in papers:
        total += 1
        seen: set[Key] = set()
        for stems, phrase, _ in phrases(paper.title, LONGEST):
            seen.add(stems)
            written[stems][phrase] += 1
        titles.update(seen)
        words.update({stem for stems in seen for stem in stems})
        for phrase in filter(_PLAIN.fullmatch, paper.keyphrases):
            stems = key(phrase)
            if 2 <= len(stems) <= LONGEST + 1:
                authors[stems] += 1
                written[stems][phrase.lower()] += 1
    frequency = titles + authors
    good = [
        stems
        for stems in frequency
        if authors[stems] >= least[1]
        or (titles[stems] >= least[0] and _cohesion(stems, titles, words, total) >= COHESION)
    ]
    good.sort(key=lambda stems: (-frequency[stems], stems))
    names = (min(written[each], key=lambda name: (-written[each][name], name)) for each in good)
    return Concepts(list(islice(filter(_is_term, names), count)))


def _is_term(phrase: str) -> bool:
    words = re.split(r"[\s-]", phrase)
    return len(set(words)) == len(words) and all(
        len(word) > 1 and not word.isdigit() and word not in FUNCTION_WORDS for word in words
    )


def _cohesion(stems: Key, titles: Counter[Key], words: Counter[str], total: int) -> float:
    """The least over all ways to part the phrase in two: 1 where the parts never occur apart."""
    together = titles[stems] / total
    least = 1.0
    if together == 1:  # in every title
        return least
    for cut in range(1, len(stems)):
        left, right = (_share(part, titles, words, total) for part in (stems[:cut], stems[cut:]))
        least = min(least, log(together / (left * right)) / -log(together))
    return least


def _share(part: Key, titles: Counter[Key], words: Counter[str], total: int) -> float:
    return (words[part[0]] if len(part) == 1 else titles[part]) / total
