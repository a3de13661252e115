"""A paper and its parts as values, whatever file or service it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STRONG_SCHEMES: tuple[str, ...] = ("doi", "arxiv", "pmid", "acl")

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Author:
    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """Given name first, as on a title page; institutions have a family name alone."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Identifier:
    """A normalised identifier: lower-case scheme (doi, arxiv, pmid, pmcid, acl, isbn, issn, s2 ...) and
    value in its canonical form (DOI in lower case without a resolver, arXiv id without a version)."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True, slots=True)
class Paper:
    """One bibliographic record, cleaned: Unicode NFC, no LaTeX, no HTML tags, no control characters.

    ``key`` is the record's own citation key or id, empty where it has none. ``kind`` is a CSL type.
    ``references`` are identifiers of cited works as ``scheme:value``. What the model has no field for
    is kept in ``extra``, by the name the file gave it.
    """

    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    year: int | None = None
    venue: str = ""
    kind: str = ""
    identifiers: tuple[Identifier, ...] = ()
    key: str = ""
    url: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    is_summary: bool = False  # the abstract is litsearch's own summary, never to be quoted as the paper's
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @property
    def first_author(self) -> str:
        return self.authors[0].family if self.authors else ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be taken: which one, where, why, and its text as it stood in the file."""

    number: int  # 1-based record number in the file
    line: int | None  # 1-based line where the record starts, where the format has lines
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper as the library holds it. ``key`` is unique in the library and is what the user types."""

    id: int
    key: str
    paper: Paper
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    added_at: str = ""  # ISO 8601, UTC
