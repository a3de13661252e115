"""What makes two records the same paper. Pure: no database, no files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import orjson

from indexes.analysis import UNSPACED, fold
from litsearch.papers import STRONG_SCHEMES, Author, Identifier, Paper

YEARS_APART = 2
_LEAST_WORDS = 4
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CHARACTERS_A_WORD = 2  # in scripts without spaces
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"])
_LETTERS = str.maketrans("øłđæœ", "oldao")

# DOIs that are another archive's id in disguise: prefix, and whose id follows it.
_DISGUISED = (("10.48550/arxiv.", "arxiv"), ("10.18653/v1/", "acl"), ("10.3115/v1/", "acl"))
_PREPRINT = "10.48550/arxiv."
_OLD_ACL = re.compile(r"[a-z]\d\d-\d{4,5}")

StrongIds = tuple[tuple[str, str], ...]  # scheme and value


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record on its way into the library, with everything it is recognised by.

    ``origin`` is what its source calls it: its own key, else its first strong identifier, else its
    content. ``digest`` and ``title_key`` are 64-bit hashes: among a million records the odds of two equal
    ones by chance are one in 40 million. ``title_key`` is None where title, author or year say too little.
    """

    paper: Paper
    body: bytes
    origin: str
    digest: int
    title_key: int | None
    ids: StrongIds


def arrival(paper: Paper) -> Arrival:
    """Raises ValueError for a record that can't be stored: half a character, or a year beyond 64 bits."""
    try:
        body = to_body(paper)
    except orjson.JSONEncodeError as error:
        raise ValueError(f"the record can't be stored: {error}") from error
    digest = _hash(body)
    ids = strong_ids(paper.identifiers)
    origin = paper.key or (":".join(ids[0]) if ids else f"#{digest:x}")
    return Arrival(paper, body, origin, digest, title_key(paper), ids)


def title_key(paper: Paper) -> int | None:
    """Hash of the title's and the first author's name's folded letters.

    None without an author or a year, and for titles of fewer than four words ("Introduction"), which
    too many papers share. Spaces, hyphens, "&" and how umlauts are spelt do not count: files disagree
    on "pre-training" and "Müller".
    """
    if not paper.authors or paper.year is None:
        return None
    title = fold(paper.title)
    words = _WORD.findall(title)
    if len(words) < _LEAST_WORDS and (
        title.isascii() or len(_UNSPACED.findall(title)) < _LEAST_WORDS * _CHARACTERS_A_WORD
    ):
        return None
    name = _name_key(paper.authors[0])
    if not name:
        return None
    return _hash(f"{_spelt_alike(''.join(word for word in words if word != 'and'))} {name}".encode())


def _name_key(author: Author) -> str:
    """The last word of the family name, for files disagree on where "van der Berg" starts.

    Without suffix. Of names in Chinese characters, kana or Hangul the whole, for some files part these
    and some do not.
    """
    family = fold(author.family)
    if not family.isascii() and _UNSPACED.search(family):
        return "".join(_WORD.findall(family + fold(author.given)))
    words = _WORD.findall(family)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return _spelt_alike(words[-1]) if words else ""


def _spelt_alike(word: str) -> str:
    """The same for Müller and Mueller, Ørsted and Oersted."""
    if not word.isascii():
        word = word.translate(_LETTERS)
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def strong_ids(identifiers: Iterable[Identifier]) -> StrongIds:
    """The identifiers that settle which paper it is, those in disguise of a DOI included."""
    found: list[tuple[str, str]] = []
    for identifier in identifiers:
        scheme, value = identifier.scheme, identifier.value
        if scheme in STRONG_SCHEMES:
            found.append((scheme, value))
            if scheme == "doi":
                for prefix, other in _DISGUISED:
                    if value.startswith(prefix):
                        found.append((other, _undisguised(other, value[len(prefix) :])))
    if len(found) > 1:
        found = list(dict.fromkeys(found))
    return tuple(found)


def _undisguised(scheme: str, value: str) -> str:
    """DOIs are in lower case, the ACL Anthology's old ids (P19-1001) are not."""
    return value.upper() if scheme == "acl" and _OLD_ACL.fullmatch(value) else value


def conflict(ids: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]) -> bool:
    """Whether some scheme has values on both sides and none in common.

    arXiv's own DOIs do not count: the preprint's DOI beside the journal's is one paper with two DOIs, and
    the arXiv ids behind them are compared anyway.
    """
    mine, theirs = _by_scheme(ids), _by_scheme(others)
    return any(mine[scheme].isdisjoint(theirs[scheme]) for scheme in mine.keys() & theirs.keys())


def _by_scheme(ids: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for scheme, value in ids:
        if not (scheme == "doi" and value.startswith(_PREPRINT)):
            values.setdefault(scheme, set()).add(value)
    return values


def same_work(one: Paper, other: Paper) -> bool | None:
    """Whether two records that share an identifier are of one work, by their titles and first authors.

    An identifier may be a volume's DOI that all its papers carry, or a wrong one. Where the first authors
    differ it is two works, unless the titles share more than half the words of the longer one: papers of
    one volume often share half of theirs ("Domain adaptive semantic segmentation"). One first author
    makes it one work (a translated title); where that can't be told, so does half of the shorter title,
    and less says nothing: None.
    """
    words, others = _title_words(one.title), _title_words(other.title)
    if not words or not others:
        return None
    shared = 2 * len(words & others)
    same_author = _same_name(one.authors[0], other.authors[0]) if one.authors and other.authors else None
    if same_author is False:
        return shared > max(len(words), len(others))
    return True if same_author or shared >= min(len(words), len(others)) else None


# Cached, for a record that carries a volume's DOI is compared with all papers of the volume.
@lru_cache(maxsize=4096)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(title)))


def _same_name(one: Author, other: Author) -> bool | None:
    """By the family name and, where both have one, the first initial; None across scripts."""
    name, initial = _name_and_initial(one)
    other_name, other_initial = _name_and_initial(other)
    if not name or not other_name or name.isascii() != other_name.isascii():
        return None
    return name == other_name and (not initial or not other_initial or initial == other_initial)


@lru_cache(maxsize=4096)
def _name_and_initial(author: Author) -> tuple[str, str]:
    return _name_key(author), _spelt_alike(fold(author.given))[:1]


def years_agree(year: int | None, other: int | None) -> bool:
    return year is not None and other is not None and abs(year - other) <= YEARS_APART


def same_record(one: Paper, other: Paper) -> bool:
    """Whether two records of one origin are states of one record, and not two works that share a key.

    They share half the words of the longer title, or a strong identifier: then with a key of their own,
    or where they are not plainly two works with the DOI of one volume.
    """
    if not set(strong_ids(one.identifiers)).isdisjoint(strong_ids(other.identifiers)):
        return one.key == other.key != "" or same_work(one, other) is not False
    words, others = _title_words(one.title), _title_words(other.title)
    return 2 * len(words & others) >= max(len(words), len(others))


def to_body(paper: Paper) -> bytes:
    """The record as JSON without its empty fields, the same bytes for equal records.

    A field that a later version adds leaves the digests of records without it as they are.
    """
    body: dict[str, object] = {"title": paper.title}
    if paper.authors:
        body["authors"] = [(author.family, author.given) for author in paper.authors]
    if paper.identifiers:
        body["identifiers"] = [(identifier.scheme, identifier.value) for identifier in paper.identifiers]
    for name in _PLAIN:
        if value := getattr(paper, name):
            body[name] = value
    if paper.extra:
        body["extra"] = dict(sorted(paper.extra.items()))
    return orjson.dumps(body)


_PLAIN = (
    "abstract",
    "year",
    "venue",
    "kind",
    "key",
    "url",
    "volume",
    "issue",
    "pages",
    "publisher",
    "language",
    "keywords",
    "references",
    "is_summary",
)


def from_body(body: bytes | str) -> Paper:
    fields = orjson.loads(body)
    fields["authors"] = tuple(Author(*name) for name in fields.get("authors", ()))
    fields["identifiers"] = tuple(Identifier(*parts) for parts in fields.get("identifiers", ()))
    for name in ("keywords", "references"):
        fields[name] = tuple(fields.get(name, ()))
    return Paper(**fields)


def _hash(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
