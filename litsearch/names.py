"""Person names: from the ways files write them to family and given name."""

import re
from collections.abc import Iterable
from functools import lru_cache

from litsearch.cleaning import clean_text
from litsearch.latex import from_latex
from litsearch.papers import Author

_SUFFIX = re.compile(r"(?:jr|sr)\.?|II|III|IV|(?:2nd|3rd|4th)", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,4}")
_MEDLINE_INITIALS = re.compile(r"[A-Z]{1,3}")
_DOTTED_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}")  # no family name is written so
_EAST_ASIAN = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]")
_BODIES = frozenset(
    [
        "collaboration",
        "collaborations",
        "consortium",
        "group",
        "team",
        "organization",
        "organisation",
        "committee",
        "association",
        "society",
        "network",
        "initiative",
        "investigators",
        "institute",
        "foundation",
        "university",
        "project",
        "alliance",
        "centre",
        "center",
        "council",
        "ministry",
        "agency",
        "commission",
        "department",
        "federation",
        "inc",
        "inc.",
        "ltd",
        "ltd.",
    ]
)
# First and last names with capitals, as most are written: "Jane M. Doe".
_PLAIN = re.compile(r"([A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*)*) ([A-Z][A-Za-z'-]*[a-z])", re.ASCII)
_WRAPPED = re.compile(r"\{((?:[^{}]|\{[^{}]*\})*)\}")
_WRAPPED_FAMILY = re.compile(r"(?P<given>[^{},]*\S)\s+\{(?P<family>[^{}\\]*)\}")
_AFFILIATION = re.compile(r"\s*\([^()]*\)\Z")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_OTHERS = re.compile(r"(?:and\s+)?(?:others|et\.?\s+al\.?|…|\.\.\.)", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def parse_name(text: str) -> Author:
    """A name as "Family, Given", "Given van der Family", "Family J.A.", "Family JA" or "{An Institution}".

    Particles ("van der") and suffixes ("Jr.") belong to the family name. East Asian names written
    without a comma keep their order and stay whole, so that they read as they were written.
    """
    text = text.strip()
    if (plain := _PLAIN.fullmatch(text)) and not _is_body(text) and plain[2] not in ("Jr", "Sr"):
        return Author(plain[2], plain[1])
    if "{" in text:
        if (whole := _WRAPPED.fullmatch(text)) and " " in whole[1] and "," not in whole[1]:
            return Author(clean_text(from_latex(whole[1])))
        if wrapped := _WRAPPED_FAMILY.fullmatch(text):
            return Author(clean_text(wrapped["family"]), clean_text(from_latex(wrapped["given"])))
    text = clean_text(from_latex(text)).strip(" ,;")
    text = _AFFILIATION.sub("", text) or text
    if "," in text:
        return _family_first(text)
    if not text.isascii() and _EAST_ASIAN.search(text):
        return Author(text)
    return _given_first(text)


def split_names(text: str) -> list[str]:
    """The names of a cell such as "Doe, Jane; Roe, R." or "Jane Doe, Richard Roe and J. Poe"."""
    for separator in (";", "|", "\n"):
        if separator in text:
            return _kept(text.split(separator))
    pieces = _AND.split(text)
    if len(pieces) > 1 and all(piece.count(",") == 1 for piece in pieces):
        return _kept(pieces)
    return _kept(name for piece in pieces for name in _by_comma(piece))


def are_others(text: str) -> bool:
    """Whether a "name" only says that there are more authors: "others", "et al."."""
    return _OTHERS.fullmatch(text.strip()) is not None


def _kept(names: Iterable[str]) -> list[str]:
    return [name for name in (name.strip() for name in names) if name and not are_others(name)]


def _by_comma(piece: str) -> list[str]:
    """One name with a comma in it, or several with commas between them."""
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    if len(parts) == 2 and parts[0][0].islower():
        return [piece]  # "van der Berg, Jan Erik"
    if len(parts) < 2 or all(" " in part for part in parts):
        return parts
    if len(parts) == 2:
        return [piece]
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part.replace(" ", "")) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def _family_first(text: str) -> Author:
    family, *rest = (part.strip() for part in text.split(","))
    for place in (0, -1):
        if len(rest) > 1 and _SUFFIX.fullmatch(rest[place]):
            family = f"{family} {rest.pop(place)}"
            break
    given = " ".join(part for part in rest if part)
    return Author(family, given) if family else Author(given)


def _given_first(text: str) -> Author:
    words = text.split()
    if len(words) < 2 or _is_body(text):
        return Author(text)
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if initials := _initials_at_end(words):
        family, given = words[:-initials], words[-initials:]
    else:
        start = len(words) - 1
        for place in range(1, len(words) - 1):
            if words[place][0].islower():
                start = place
                break
        given, family = words[:start], words[start:]
    return Author(" ".join((*family, suffix)).strip(), " ".join(given))


def _is_body(text: str) -> bool:
    """Whether the name is an institution's or a group's, by a word in it."""
    return not _BODIES.isdisjoint(text.lower().split())


def _initials_at_end(words: list[str]) -> int:
    """How many words are initials after a family name, as MEDLINE and Scopus write: "Smith JA", "Smith J. A."

    None in "J A SMITH" and "JO LI".
    """
    dotted = next((n for n, word in enumerate(reversed(words)) if not _DOTTED_INITIALS.fullmatch(word)), 0)
    if dotted:
        return dotted
    last = words[-1]
    if not _MEDLINE_INITIALS.fullmatch(last) or len(words) < 2 or len(words[0]) == 1 or "." in words[0]:
        return 0
    return int(len(last) == 1 or not words[0].isupper())
