"""BibTeX, in UTF-8 and with LaTeX's own characters escaped, keys as the library has them."""

import re
from collections.abc import Iterable, Iterator

from litsearch.exporters.citation import citation_key, safe_url
from litsearch.papers import Author, Paper, StoredPaper

_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "review": "article",
    "paper-conference": "inproceedings",
    "chapter": "incollection",
    "entry-encyclopedia": "incollection",
    "entry-dictionary": "incollection",
    "book": "book",
    "thesis": "phdthesis",
    "report": "techreport",
    "manuscript": "unpublished",
}
_VENUES = {
    "article": "journal",
    "inproceedings": "booktitle",
    "incollection": "booktitle",
    "phdthesis": "school",
    "techreport": "institution",
}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{character: f"\\{character}" for character in "{}#$%&_"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_ESCAPES = str.maketrans(_SPECIAL)
_ESCAPES_WITHOUT_BRACES = str.maketrans({**_SPECIAL, "{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
_CAPITAL_INSIDE = re.compile(
    r"(?<!\\)\b[^\W_]+[A-Z][^\W_]*"
)  # BERT, mRNA, PubMed: styles would put these in lower case
_DASHES = re.compile(r"[-–—]+")


def write(papers: Iterable[StoredPaper]) -> Iterator[str]:
    """One entry after another."""
    for stored in papers:
        yield _entry(stored)


def _entry(stored: StoredPaper) -> str:
    kind = _TYPES.get(stored.paper.kind, "misc")
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(stored.paper, kind) if value)
    return f"@{kind}{{{citation_key(stored.key)},\n{fields}}}\n\n"


def _fields(paper: Paper, kind: str) -> Iterator[tuple[str, str]]:
    yield "title", _title(paper.title)
    yield "author", " and ".join(_name(author) for author in paper.authors)
    yield "year", "" if paper.year is None else str(paper.year)
    yield _VENUES.get(kind, "howpublished"), _escape(paper.venue)
    yield "volume", _escape(paper.volume)
    yield "number", _escape(paper.issue)
    yield "pages", _escape(_DASHES.sub("--", paper.pages))
    yield "publisher", _escape(paper.publisher)
    yield "language", _escape(paper.language)
    yield from _identifiers(paper)
    yield "url", safe_url(paper.url).replace("{", "").replace("}", "")
    yield "keywords", _escape(", ".join(paper.keywords))
    yield "abstract", _escape(paper.abstract)


def _identifiers(paper: Paper) -> Iterator[tuple[str, str]]:
    for identifier in paper.identifiers:
        value = re.sub(r"[{}\\\s]", "", identifier.value)
        if identifier.scheme == "arxiv":
            yield "eprint", value
            yield "archiveprefix", "arXiv"
        else:
            yield identifier.scheme, value


def _title(title: str) -> str:
    """The title, its words with capitals inside kept from styles that change case."""
    return _CAPITAL_INSIDE.sub(r"{\g<0>}", _escape(title))


def _name(author: Author) -> str:
    family, given = _escape(author.family), _escape(author.given)
    if not given or _splits(author.family):
        family = f"{{{family}}}"  # one name, however many words: an institution
    if not given:
        return family
    return f"{family}, {{{given}}}" if _splits(author.given) else f"{family}, {given}"


def _splits(name: str) -> bool:
    return "," in name or " and " in f" {name.casefold()} "


def _escape(text: str) -> str:
    text = " ".join(text.split())
    return text.translate(_ESCAPES if _balanced(text) else _ESCAPES_WITHOUT_BRACES)


def _balanced(text: str) -> bool:
    """Whether every brace has its partner: BibTeX counts even escaped ones to find the end of a field."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0
