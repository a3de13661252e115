"""Titles that the program makes, of the papers' own words, for nobody has read what these say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from indexes.concepts import Key, phrases
from litsearch.agent.wording import telling

IDF = Callable[[set[str]], Mapping[str, float]]

_LONGEST = 60  # characters of a title that is the beginning of a text


@dataclass(frozen=True, slots=True)
class Shared:
    """Words that stand side by side in several texts; ``texts`` are the places of these."""

    phrase: str
    texts: tuple[int, ...]


def shared(texts: Sequence[str], question: str, idf: IDF) -> Shared | None:
    """The phrase of two words or more that most of the texts have, of those the one with the rarest words;
    None where no two have one that says more than the question."""
    asked = telling(question)
    where: dict[Key, set[int]] = {}
    written: dict[Key, str] = {}
    for at, text in enumerate(texts):
        for key, phrase in _phrases(text):
            if telling(phrase) - asked and len(telling(phrase)) == len(key):
                where.setdefault(key, set()).add(at)
                written.setdefault(key, phrase)
    common = {key: places for key, places in where.items() if len(places) > 1}
    weights = idf({stem for key in common for stem in key})
    best = max(
        common,
        key=lambda key: (len(common[key]) * fsum(weights.get(stem, 0.0) for stem in key), key),
        default=None,
    )
    return Shared(_capital(written[best]), tuple(sorted(common[best]))) if best else None


def beginning(text: str) -> str:
    """A text cut short between two words, with dots where it goes on."""
    words = " ".join(text.split())
    if len(words) <= _LONGEST:
        return words.rstrip(".")
    cut = words[: _LONGEST + 1]
    return f"{cut.rsplit(' ', 1)[0][:_LONGEST].rstrip(' ,;:.-')}…"


def _phrases(text: str) -> Iterator[tuple[Key, str]]:
    """Phrases that stand in the text with nothing but a space between their words, as it writes them."""
    lower = text.lower()
    for key, words, _ in phrases(text):
        at = lower.find(words)
        if at >= 0 and len(lower) == len(text):
            yield key, text[at : at + len(words)]


def _capital(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]
