"""What a sentence cites or quotes in its own words, beside the findings it names."""

import re
from collections.abc import Sequence

from litsearch.agent.folding import fold
from litsearch.papers import Paper

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]")
_LINK = re.compile(
    r"https?://\S+|\b10\.\d{4,9}/\S+|\barxiv[:\s]\s*\d{4}\.\d{4,5}|\bpmid[:\s]\s*\d+|(?<!\w)\[?@[\w:.-]+\]?",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?P<name>[^\W\d_][\w'’-]+)(?:(?:\s+(?:and|&)\s+[^\W\d_][\w'’-]+)?,?\s*\((?:19|20)\d\d[a-z]?\)|\s+et\s+al\b"
    r"|(?:\s+(?:and|&)\s+[^\W\d_][\w'’-]+)?,?\s+(?:19|20)\d\d[a-z]?[);])"
)
_SCARE = 3  # words; what is shorter may stand between quotation marks without being a quotation


def unfounded_mentions(sentence: str, quotes: Sequence[str], papers: Sequence[Paper]) -> tuple[str, ...]:
    """Quotations, identifiers and authors in a sentence that are not those of the papers it cites.

    A model may write "as Smith et al. (2019) say" or a DOI of its own making. Identifiers are never its
    to write; an author must be one of a cited paper, or stand in a quote; so must words in quotation marks.
    """
    places = [fold(quote).text.casefold() for quote in quotes]
    families = " ".join(fold(author.name).text.casefold() for paper in papers for author in paper.authors)
    unfounded = [found[0] for found in _LINK.finditer(sentence)]
    for found in _QUOTED.finditer(sentence):
        words = fold(found[1]).text.casefold().strip(" .,;:'")
        if len(words.split()) >= _SCARE and not any(words in place for place in places):
            unfounded.append(found[0])
    for found in _AUTHOR.finditer(sentence):
        name = fold(found["name"]).text.casefold()
        if not any(re.search(rf"\b{re.escape(name)}\b", place) for place in (families, *places)):
            unfounded.append(found[0])
    return tuple(dict.fromkeys(unfounded))
