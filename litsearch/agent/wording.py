"""Whether a text says what its quotes say, as far as words can tell: a cheap check beside a model's."""

from collections.abc import Sequence

from indexes.analysis import stems

_LITTLE = 0.25  # share of a text's words; a quote with fewer of them says something else
_ONLY = 0.8  # share of a text's words that are the question's, from which it only repeats the question
_ROOT = 5  # letters that tell a word's family: expansion, expanding

# Words that stand in papers of any subject.
_ANYWHERE = frozenset(
    stems(
        "effect effective effectiveness technique method approach study research analysis impact influence "
        "use help helpful improve performance evaluation paper review comparison result application benefit "
        "role does do can may have show find"
    )
)


def telling(text: str) -> frozenset[str]:
    """The stems of a text that say what it is about."""
    return frozenset(stems(text)) - _ANYWHERE


def only_repeats(text: str, question: str, sources: Sequence[str]) -> bool:
    """Whether a text is the question turned into a statement, put to sources that are not even about that.

    Small models do this. Nothing is said of a text in words of its own.
    """
    if _share(text, question) < _ONLY:
        return False
    about = {word[:_ROOT] for word in telling(" ".join(sources))}
    return any(word[:_ROOT] not in about for word in telling(text))


def only_denies(text: str, criterion: str, source: str) -> bool:
    """Whether all a text says of a source that speaks of a criterion is that it does not meet it.

    Small models turn any criterion round, whatever they read. Nothing is said of a text in words of its own.
    """
    said, asked = telling(text), telling(criterion)
    if len(said & asked) < _ONLY * len(said):
        return False
    about = {word[:_ROOT] for word in telling(source)}
    return any(word[:_ROOT] in about for word in asked)


def bearing(text: str, quotes: Sequence[str]) -> list[bool]:
    """Which quotes bear on a text: all but those with little of its words where others have more."""
    shares = [_share(text, quote) for quote in quotes]
    least = _LITTLE if max(shares, default=0.0) >= _LITTLE else 0.0
    return [share >= least for share in shares]


def _share(text: str, other: str) -> float:
    """How many of the words of a text the other has, from 0 to 1."""
    wanted = set(stems(text))
    return len(wanted & set(stems(other))) / len(wanted) if wanted else 0.0
