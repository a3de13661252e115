"""A paper in the making: what every format fills in, and what is done alike for all of them."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from litsearch.cleaning import clean_prose, clean_text, from_latex
from litsearch.identifiers import find_identifiers, normalise, united
from litsearch.importers.splitting import RecordError
from litsearch.papers import Author, Identifier, Paper

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", re.ASCII)


@dataclass(slots=True)
class Draft:
    """Fields as the file has them. ``year`` may be a date; ``extra`` takes what has no field."""

    title: str = ""
    abstract: str = ""
    authors: list[Author] = field(default_factory=list)
    year: str = ""
    venue: str = ""
    kind: str = ""
    identifiers: list[Identifier | None] = field(default_factory=list)
    key: str = ""
    url: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    language: str = ""
    keywords: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    is_summary: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Draft":
        """A draft with these fields, all of them texts."""
        draft = cls()
        for name, text in texts.items():
            setattr(draft, name, text)
        return draft

    def identify(self, scheme: str, value: str) -> None:
        """Add an identifier; a value that is none of its scheme is kept in ``extra``."""
        if not value.strip():
            return
        identifier = normalise(scheme, clean_text(value))
        if identifier is None:
            self.keep(scheme, value)
        else:
            self.identifiers.append(identifier)

    def keep(self, name: str, value: object) -> None:
        """Put what has no field into ``extra``; what comes under the same name is added to it."""
        text = as_text(value)
        if text and name:
            self.extra[name] = f"{self.extra[name]}; {text}" if name in self.extra else text

    def paper(self, clean: Callable[[str], str] = clean_prose) -> Paper:
        """The finished paper; RecordError where it has no title."""
        title = clean(self.title)
        if not has_words(title):
            raise RecordError("the record has no title")
        year = find_year(self.year)
        if year is None:
            self.keep("year", self.year)
        url = clean_text(self.url)
        if url and not url.lower().startswith(("http://", "https://")):
            self.keep("url", url)  # only http and https are ever opened
        return Paper(
            title=title,
            abstract=clean(self.abstract),
            authors=tuple(author for author in self.authors if author.family),
            year=year,
            venue=clean(self.venue),
            kind=self.kind,
            identifiers=united((*self.identifiers, *find_identifiers(url))),
            key=clean_text(self.key),
            url=url if "url" not in self.extra else "",
            volume=clean(self.volume),
            issue=clean(self.issue),
            pages=clean_text(self.pages).replace("--", "–"),
            publisher=clean(self.publisher),
            language=clean_text(self.language),
            keywords=distinct(clean(keyword) for keyword in self.keywords),
            references=distinct(self.references),
            is_summary=self.is_summary,
            extra={clean_text(name): clean(value) for name, value in self.extra.items()},
        )


def clean_tex(text: str) -> str:
    """A value that is TeX from end to end, as in BibTeX, cleaned."""
    return clean_text(from_latex(text))


def has_words(text: str) -> bool:
    return text[:1].isalnum() or any(character.isalnum() for character in text)


def find_year(text: str) -> int | None:
    """The first number of a date that can be a year."""
    found = _YEAR.search(text)
    return int(found[1]) if found is not None else None


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, values)))


def as_text(value: object) -> str:
    """Any value of a JSON document or a parser as text: lists joined, objects as JSON."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(as_text, value)))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def as_list(value: object) -> list[str]:
    """A list of texts from a list, or from one text with semicolons between its parts."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    if isinstance(value, list | tuple):
        return [text for text in map(as_text, value) if text]
    return [as_text(value)] if value else []
