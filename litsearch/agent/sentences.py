"""Abstracts cut into sentences, without a model."""

import re
from collections.abc import Iterator

from indexes.types import Span

_END = re.compile(
    r"""
    (?P<mark>[.!?]+["'”’)\]]*)(?=\s+["'“‘(\[]*[^\W_a-z]|\s*$|\n)   # before a capital, a digit or the end
  | (?<=[a-z]{3})(?P<run_on>\.)(?=[A-Z][a-z]|[A-Z]\s)                  # no space: a slip of the publisher's
  | (?P<cjk>[。！？｡]+[」』”’]*)
  | (?P<blank>\n\s*\n)
    """,
    re.VERBOSE,
)
_HEADING = re.compile(
    r"\s*(?:(?:MAIN |STUDY |MATERIALS? AND |PATIENTS AND |METHODS AND )?"
    r"(?:AIMS?|BACKGROUND|CONCLUSIONS?|CONTEXT|DESIGN|DISCUSSION|FINDINGS|IMPORTANCE|INTERPRETATION|INTERVENTIONS?|INTRODUCTION|LIMITATIONS?|METHODS?|OBJECTIVES?"
    r"|OUTCOME MEASURES?|OUTCOMES?|PARTICIPANTS|PATIENTS|PURPOSE|RATIONALE|RESULTS?|SETTINGS?|SIGNIFICANCE))"
    r"(?::\s*|\s+(?=[A-Z\d]))"
)  # of a structured abstract
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘]+$")
_ABBREVIATIONS = frozenset(
    (
        *(
            "approx",
            "ca",
            "cf",
            "ch",
            "chap",
            "dept",
            "dr",
            "ed",
            "eds",
            "eq",
            "eqs",
            "esp",
            "fig",
            "figs",
            "inc",
        ),
        *("jr", "ltd", "mr", "mrs", "ms", "nos", "pp", "prof", "prop", "ref", "refs", "resp", "sec", "sect"),
        *("sp", "spp", "sr", "st", "suppl", "tab", "thm", "univ", "viz", "vol", "vols", "vs"),
    )
)
_OFTEN_LAST = frozenset({"etc", "al"})  # these end a sentence now and then
_STARTERS = re.compile(
    r"\s+(?:The|This|These|That|Those|We|Our|In|It|However|Here|To|For|A|An|By|As|On|With|Moreover|Results?)\b"
)


def split(text: str) -> list[Span]:
    """The sentences of a text in order, without the white space around them."""
    return [span for span in (_trimmed(text, start, end) for start, end in _pieces(text)) if span]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*(found.end() for found in _END.finditer(text) if _is_end(text, found)), len(text)]:
        heading = _HEADING.match(text, start, end)
        if heading:
            yield start, heading.end()
            start = heading.end()
        yield start, end
        start = end


def _is_end(text: str, found: re.Match[str]) -> bool:
    """Whether a full stop ends its sentence, and not just an abbreviation or an initial."""
    if found["mark"] != ".":
        return True
    last = _LAST_WORD.search(text, max(0, found.start() - 40), found.start())
    word = last[0] if last else ""
    starts_anew = bool(_STARTERS.match(text, found.end())) or not text[found.end() :].strip()
    if word.lower() == "no":
        return not text[found.end() :].lstrip()[:1].isdigit()
    if word.lower() in _ABBREVIATIONS:
        return False
    initial = word.isalpha() and word.isupper() and len(word) == 1
    dotted = re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word)
    return starts_anew or not (initial or dotted or word.lower() in _OFTEN_LAST)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return Span(left, right) if left < right else None
