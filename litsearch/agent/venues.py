"""The venue that a question asks for, where the library has such a one: "in ACL papers", "published in
Nature". Anything else that is written like a venue is words of the question."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexes.analysis import words
from litsearch.agent.wording import telling

if TYPE_CHECKING:
    from litsearch.library import Library

_WORD = r"[A-Z][\w&.-]*\w"
_NAME = rf"({_WORD}(?:,?\s+(?:(?:of|the|and|or|for|in|on|&)\s+)*{_WORD})*)"
_PUBLISHED = re.compile(
    r",?\s*\b(?:(?i:(?:that|which)\s+(?:was|were|are|is|has\s+been|have\s+been)\s+))?"
    r"(?i:published|presented|appeared|appearing)\s+(?:in|at)\s+(?:the\s+)?(?:(?i:journal|proceedings\s+of)\s+)?"
    rf"(?:the\s+)?{_NAME}"
)
_PAPERS = re.compile(
    rf",?\s*(?:\b(?i:in|from|at|among)\s+)?(?:\bthe\s+)?\b{_NAME}\s+(?:papers|articles|publications|proceedings)\b"
)
_BETWEEN = re.compile(r",?\s+(?:and|or)\s+|,\s+")
_SERIES = re.compile(r"^(?:the\s+)?(?:proceedings\s+of\s+)?(?:the\s+)?", re.IGNORECASE)
_ACRONYM = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z&-]{2,}")


@dataclass(frozen=True, slots=True)
class AskedVenue:
    """``about`` is the question without the words that name the venue."""

    about: str
    name: str  # as the question writes it
    venues: tuple[str, ...]  # of the library


def asked_venue(question: str, library: "Library") -> AskedVenue | None:
    """What the question says of a venue, where it names one that the library has, and is about something."""
    known: list[str] | None = None
    for start, stop, name in _readings(question):
        known = _venues(library) if known is None else known
        found = called(name, known)
        about = " ".join(f"{question[:start]} {question[stop:]}".split())
        if found and telling(about):
            return AskedVenue(re.sub(r"\s+(?=[?.!,]\s*$)", "", about), name, found)
    return None


def called(name: str, venues: Iterable[str]) -> tuple[str, ...]:
    """The venues that go by the name; where it names several ("Nature or Science"), each must be known."""
    whole = _called(name, known := list(venues))
    if whole:
        return whole
    parts = [_called(part, known) for part in _BETWEEN.split(name)]
    return tuple(dict.fromkeys(venue for part in parts for venue in part)) if all(parts) else ()


def papers_of(library: "Library", venues: Iterable[str]) -> frozenset[int]:
    """Ids of the papers of those venues."""
    sql = "SELECT id FROM papers WHERE live AND venue IN (SELECT value FROM json_each(?))"
    with library.snapshot() as reader:
        return frozenset(paper for (paper,) in reader.execute(sql, (json.dumps(list(venues)),)))


def _readings(question: str) -> Iterator[tuple[int, int, str]]:
    """Every name that may be a venue's, the longest of each place first, with where the words that name it
    begin and end."""
    for match in _PAPERS.finditer(question):
        for word in re.finditer(r"\S+", match[1]):
            start = match.start() if word.start() == 0 else match.start(1) + word.start()
            yield start, match.end(), match[1][word.start() :]
    for match in _PUBLISHED.finditer(question):
        for word in reversed(list(re.finditer(r"\S+", match[1]))):
            name = match[1][: word.end()].rstrip(",")
            yield match.start(), match.start(1) + len(name), name


def _called(name: str, venues: list[str]) -> tuple[str, ...]:
    """By the whole name; else by an acronym; else, of several words, by a part of the name."""
    wanted = _words(name)
    spelled = {venue: _words(venue) for venue in venues}
    same = [venue for venue, own in spelled.items() if own == wanted]
    if not same and _ACRONYM.fullmatch(name):
        same = [venue for venue in venues if name in re.findall(r"[\w&]+", venue) or _initials(venue, name)]
    if not same and len(wanted) > 1:
        same = [venue for venue, own in spelled.items() if f" {' '.join(wanted)} " in f" {' '.join(own)} "]
    return tuple(same)


def _words(name: str) -> tuple[str, ...]:
    return tuple(words(_SERIES.sub("", name.strip())))


def _initials(venue: str, name: str) -> bool:
    """Whether capitals that begin the venue's words spell the name: Association for Computational
    Linguistics, ACL. Two letters say too little for that."""
    capitals = "".join(word[0] for word in re.findall(r"\w+", venue) if word[0].isupper())
    return name in capitals if len(name) > 2 else name == capitals


def _venues(library: "Library") -> list[str]:
    with library.snapshot() as reader:
        return [
            venue
            for (venue,) in reader.execute(
                "SELECT DISTINCT venue FROM papers WHERE live AND venue <> '' ORDER BY venue"
            )
        ]
