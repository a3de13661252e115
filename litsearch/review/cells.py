"""The cells of the table that is extracted: a model's checked, or what a program can tell by itself."""

import re
from collections.abc import Callable, Mapping, Sequence

from litsearch.agent.events import Quote
from litsearch.agent.numbers import unsupported_numbers
from litsearch.agent.quotes import MIN_WORDS, check_quote, count_words, find_words
from litsearch.agent.sentences import split
from litsearch.agent.strength import strength
from litsearch.papers import StoredPaper
from litsearch.review.protocol import ExtractedField
from litsearch.review.replies import CellReply
from litsearch.review.result import Cell

UNREAD = "only a model can tell"
ABSENT = "the paper's record does not say"

_YES, _NO = frozenset({"yes", "true", "y"}), frozenset({"no", "false", "n"})
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SAMPLE = re.compile(
    r"\bsample(?: size)?\b|\bparticipants?\b|\bpatients?\b|\bsubjects\b|\bn\b", re.IGNORECASE
)
_DESIGN = re.compile(r"\bdesign\b|\b(?:study|kind|type) (?:type|of study)\b|\bstudy type\b", re.IGNORECASE)
_METADATA: Mapping[str, Callable[[StoredPaper], str | int | None]] = {
    "year": lambda stored: stored.paper.year,
    "venue": lambda stored: stored.paper.venue or None,
    "journal": lambda stored: stored.paper.venue or None,
    "first author": lambda stored: stored.paper.first_author or None,
}


def checked(field: ExtractedField, reply: CellReply, stored: StoredPaper) -> Cell:
    """A model's cell, if its quote is in the paper and has the value; else an empty one that says why.

    A few words that stand in one sentence of the abstract alone are taken for that sentence: models quote
    "Robust04 and GOV2" and no more.
    """
    quote = check_quote(stored, reply.quote)
    if not isinstance(quote, Quote):
        short = reply.quote if count_words(reply.quote) < MIN_WORDS else ""
        whole = _sentence(stored, find_words(stored.paper.abstract, short), alone=True)
        if whole is None:
            return Cell(field.name, None, None, f"dropped: {quote.reason}")
        quote = whole
    value = as_type(field, reply.value)
    if isinstance(value, str) and value.casefold() == field.description.casefold():
        return Cell(field.name, None, None, "dropped: it only repeats what the field is")
    if value is None:
        return Cell(field.name, None, None, f"dropped: {reply.value!r} is no {_described(field)}")
    missing: tuple[str, ...] = ()
    if field.type in ("int", "float", "text"):
        years = [stored.paper.year] if field.type == "text" and stored.paper.year else []
        names = [stored.paper.title] if field.type == "text" else []
        missing = tuple(unsupported_numbers(str(reply.value), [quote.text], years=years, names=names))
    if missing:
        return Cell(field.name, None, None, f"dropped: its quote does not have {', '.join(missing)}")
    return Cell(field.name, value, quote)


def as_type(field: ExtractedField, text: str) -> str | int | float | bool | None:
    """A model's words as the field's type; None where they are none of it."""
    text = " ".join(text.split())
    match field.type:
        case "text":
            return text or None
        case "bool":
            said = text.lower().strip(".")
            return True if said in _YES else False if said in _NO else None
        case "choice":
            return next((choice for choice in field.choices if choice.casefold() == text.casefold()), None)
        case "int":
            found = _NUMBER.findall(text)
            whole = found[0].replace(",", "") if len(found) == 1 else ""
            return int(whole) if whole and "." not in whole and len(whole) < 19 else None
        case "float":
            found = _NUMBER.findall(text)
            return float(found[0].replace(",", "")) if len(found) == 1 and len(found[0]) < 30 else None


def by_program(field: ExtractedField, stored: StoredPaper) -> Cell:
    """What the paper's record or its plain words say of a field: year, venue, first author, sample size and
    design of the study. For anything else a model is needed."""
    metadata = _METADATA.get(field.name.strip().lower())
    if metadata is not None:
        value = metadata(stored)
        fits = isinstance(value, int) if field.type == "int" else isinstance(value, str | int)
        if field.type in ("int", "text") and fits:
            return Cell(field.name, str(value) if field.type == "text" else value, None, "from its record")
        return Cell(field.name, None, None, ABSENT)
    note = strength(stored.paper)
    if field.type == "int" and _SAMPLE.search(field.name):
        if note.sample is None:
            return Cell(field.name, None, None, ABSENT)
        return Cell(field.name, note.sample, _sentence(stored, note.sampled), "the largest number of people")
    if field.type in ("text", "choice") and _DESIGN.search(field.name):
        design = as_type(field, note.design) if note.design else None
        return Cell(field.name, design, None, "told by words of the record" if design else ABSENT)
    return Cell(field.name, None, None, UNREAD)


def _sentence(stored: StoredPaper, words: str, *, alone: bool = False) -> Quote | None:
    """The first sentence of the abstract that has those words or, to be so ``alone``, the only one."""
    text, wanted = stored.paper.abstract, " ".join(words.split())
    having = [span for span in split(text) if wanted in " ".join(text[span.start : span.end].split())]
    if not wanted or not having or (alone and len(having) > 1):
        return None
    return Quote(
        id=stored.id,
        key=stored.key,
        field="abstract",
        start=having[0].start,
        end=having[0].end,
        text=text[having[0].start : having[0].end],
        is_summary=stored.paper.is_summary,
    )


def described(fields: Sequence[ExtractedField]) -> str:
    """The fields as a prompt shows them, one a line."""
    return "\n".join(
        f"- {field.name} ({_described(field)})" + (f": {field.description}" if field.description else "")
        for field in fields
    )


def _described(field: ExtractedField) -> str:
    return f"choice of {', '.join(field.choices)}" if field.type == "choice" else field.type
