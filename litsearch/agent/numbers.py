"""Whether the numbers of a sentence stand in the quotes it cites.

Equal are 1,234 and 1234, 12.50 and 12.5, .05 and 0.05, 3 and three, 1.2 million and 1,200,000, 12.5 % and
12.5 percent. What a sentence states beside the value must be in the quote as well: a percent sign, a minus,
``<`` or ``>``. Nothing is rounded. Three things need not be quoted: the year of a cited paper, the count of
the cited papers ("two studies"), and "one". A name with digits (BM25, GPT-4, nDCG@10) is no number; it must
stand in a quote, a title of a cited paper or the question.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from litsearch.agent.folding import fold

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {
    "hundred": Decimal(100),
    **dict.fromkeys(("thousand", "k", "K"), Decimal(1_000)),
    **dict.fromkeys(("million", "M"), Decimal(1_000_000)),
    **dict.fromkeys(("billion", "B", "bn"), Decimal(1_000_000_000)),
}
_SCALE_WORDS = r"(?:\s(?P<scale>hundred|thousand|million|billion)\b)?"
_NUMBER = re.compile(
    rf"""
    (?P<operator>[<>≤≥=]=?\s*)?
    (?P<minus>(?<![\w)\]])-)?
    (?<![\w.])(?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?P<power>[eE]-?\d+)?
    (?:(?P<letter>[kKMB]|bn)\b)?{_SCALE_WORDS}
    (?P<unit>\s?(?:%-points?|percentage[ -]points?\b|pp\b)|\s?(?:%|per\s?cent\b))?
    """,
    re.VERBOSE,
)
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<ones>{'|'.join(_SMALL[1:10])}))?"
    rf"|(?P<small>{'|'.join(_SMALL)}))\b{_SCALE_WORDS}"
    r"(?P<unit>\s(?:percentage points?\b|per\s?cent\b))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!\w)[^\W\d_][^\W_]*(?:[-@./_][^\W_]+)*")
_MARKER = re.compile(r"\[\d+(?:\s*[-,;]\s*\d+)*\]")
_JOIN = re.compile(r"\s*(?:,|-|/|±|\bto\b|\band\b|\bor\b|\bvs\b\.?|\bversus\b|\s)+\s*", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s(?:\w+\s){0,2}(?:abstracts|articles|authors|experiments|findings|papers|reports|sources|studies|trials|works)\b"
)
_THIN_SPACE = re.compile(r"(?<=\d)[\u2009\u202f\u00a0](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Number:
    text: str
    values: tuple[Decimal, ...]  # more than one where a letter behind it may be a unit or a scale
    unit: str  # "%", "pp" or "", as written behind it
    shared_unit: str  # as written behind a later number of the same list or range
    operator: str  # "<", ">", "≤", "≥", "=" or ""
    negative: bool
    start: int
    end: int

    def stands_for(self, stated: "Number") -> bool:
        """Whether a quote with this number carries one that a sentence states."""
        if not set(self.values) & set(stated.values):
            return False
        if stated.unit and stated.unit not in (self.unit, self.shared_unit):
            return False
        if stated.operator == "=":
            return self.operator in ("", "=")
        return stated.operator in ("", self.operator) and (self.negative or not stated.negative)


def unsupported_numbers(
    sentence: str,
    quotes: Sequence[str],
    *,
    years: Collection[int] = (),
    papers: int = 0,
    names: Sequence[str] = (),
) -> tuple[str, ...]:
    """The numbers of the sentence, as written there, that its quotes do not have.

    ``years`` and ``papers`` are those of the cited papers, ``names`` the further texts in which a name with
    digits may stand: their titles and the question.
    """
    text = _MARKER.sub(" ", _prepared(sentence))
    bare, named = _without_names(text)
    known = [number for quote in quotes for number in _numbers(_prepared(quote))]
    places = [_prepared(place).casefold() for place in (*quotes, *names)]
    missing = [name for name in named if not any(_stands_in(name, place) for place in places)]
    for number in _numbers(bare):
        if any(other.stands_for(number) for other in known):
            continue
        whole = number.values[0]
        if number.text.isdigit() and len(number.text) == 4 and whole in years:
            continue
        if whole == papers and not number.unit and _COUNTED.match(bare, number.end):
            continue
        if number.text.lower() != "one":
            missing.append(number.text)
    return tuple(dict.fromkeys(missing))


def _prepared(text: str) -> str:
    return fold(_THIN_SPACE.sub("", text)).text


def _without_names(text: str) -> tuple[str, list[str]]:
    """The text with names that hold digits blanked out, and those names."""
    named = [found for found in _NAME.finditer(text) if any(c.isdigit() for c in found[0])]
    for found in named:
        text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    return text, [found[0] for found in named]


def _stands_in(name: str, place: str) -> bool:
    parts = r"[\W_]*".join(re.findall(r"[^\W\d_]+|\d+", name.casefold()))
    return bool(re.search(rf"(?<![^\W_]){parts}s?(?![^\W_])", place))


def _numbers(text: str) -> list[Number]:
    """The numbers of a prepared text in order; units reach back over lists and ranges (3, 4 and 5%)."""
    read = sorted((*_written(text), *_spelled(text)), key=lambda number: number.start)
    shared = ""
    for i in range(len(read) - 1, -1, -1):
        number = read[i]
        following = read[i + 1] if i + 1 < len(read) else None
        if number.unit or following is None or not _JOIN.fullmatch(text, number.end, following.start):
            shared = number.unit
        read[i] = replace(number, shared_unit=shared)
    return read


def _written(text: str) -> Iterator[Number]:
    for found in _NUMBER.finditer(text):
        value = Decimal(found["digits"].replace(",", "") + (found["power"] or ""))
        scaled = value * _SCALES[found["letter"] or "K"] if found["letter"] else value
        values = (scaled * _SCALES[found["scale"]],) if found["scale"] else tuple({value: 0, scaled: 0})
        shown = found[0].strip().lstrip("<>≤≥= ")
        operator = (found["operator"] or "").strip().replace("==", "=").replace("<=", "≤").replace(">=", "≥")
        unit, negative = _unit(found["unit"]), bool(found["minus"])
        yield Number(shown, values, unit, "", operator, negative, found.start(), found.end())


def _spelled(text: str) -> Iterator[Number]:
    for found in _SPELLED.finditer(text):
        value = sum(_WORDS[found[group].lower()] for group in ("tens", "ones", "small") if found[group])
        scale = _SCALES[found["scale"].lower()] if found["scale"] else 1
        unit = _unit(found["unit"])
        yield Number(found[0], (Decimal(value) * scale,), unit, "", "", False, found.start(), found.end())


def _unit(written: str | None) -> str:
    if not written:
        return ""
    return "pp" if "point" in written or "pp" in written else "%"
