"""How strong the evidence of a paper is, as far as its own record says: kind of study, size, retraction.

Only what title, abstract or metadata state of the study itself is taken: "a cohort study" in passing may be
somebody else's, so a design counts where the title names it, a publication type does, or the abstract says
it of "this", "our" or "a ... was conducted". Where nothing is said, nothing is noted.
"""

import re
from collections.abc import Iterable, Sequence

from litsearch.agent.events import Strength
from litsearch.papers import Paper

# The strongest first: a meta-analysis of trials is a meta-analysis.
_DESIGNS: Sequence[tuple[str, str]] = (
    ("meta-analysis", r"meta-?\s?analys[ei]s"),
    ("systematic review", r"systematic(?:\s+literature)?\s+review|scoping\s+review|umbrella\s+review"),
    ("randomised trial", r"randomi[sz]ed(?:[\s,-]+[\w-]+){0,5}?[\s,-]+trial|RCT"),
    ("cohort study", r"cohort(?:\s+stud(?:y|ies))?|(?:prospective|longitudinal|follow-up)\s+study"),
    ("case-control study", r"case[\s-]+control\s+stud(?:y|ies)"),
    ("cross-sectional study", r"cross[\s-]+sectional(?:\s+(?:stud(?:y|ies)|survey|analysis))?"),
    ("clinical trial", r"(?:clinical|controlled|pilot|phase\s+(?:[1-4]|I{1,3}V?))\s+trial"),
    ("case report", r"case\s+(?:report|series)"),
    ("survey of people", r"(?:online|national|questionnaire|interview)\s+(?:survey|study)"),
    ("review", r"(?:literature\s+|narrative\s+|critical\s+)?(?:review|survey|overview)"),
    ("simulation study", r"simulation\s+stud(?:y|ies)"),
)
_TYPES = {
    "meta-analysis": "meta-analysis",
    "systematic review": "systematic review",
    "randomized controlled trial": "randomised trial",
    "clinical trial": "clinical trial",
    "observational study": "observational study",
    "case reports": "case report",
    "review": "review",
}  # PubMed's publication types, in lower case
_REVIEWS = frozenset({"meta-analysis", "systematic review", "review"})

_FEW = r"(?:[\w-]+[\s,]+){0,4}?"
_OWN = (
    rf"(?:this|our|the\s+present|the\s+current)\s+{_FEW}"
    rf"|(?:we|authors)\s+(?:\w+\s+){{0,2}}?(?:conduct|perform|carr|undert|report|did|describ)\w*\s+"
    rf"(?:out\s+)?(?:an?|the|this)\s+{_FEW}"
    rf"|\b(?:design|methods?|study\s+design)\s*[:.]\s*(?:an?\s+)?{_FEW}"
)  # words before a design that say it is this study's
_DONE = r"\s+(?:was|were)\s+(?:conducted|performed|carried\s+out|undertaken|done)\b"
_ASSIGNED = re.compile(
    r"\b(?:were|was)\s+(?:\w+\s+)?randomly\s+(?:assigned|allocated)|\bwere\s+randomi[sz]ed\b|\bwe\s+randomi[sz]ed\b",
    re.IGNORECASE,
)
_WE_REVIEW = re.compile(
    r"\b(?:we|this (?:paper|article|work|chapter))\s+(?:\w+\s+)?(?:reviews?|surveys?)\b", re.I
)
_ANIMALS = re.compile(r"\b(?:mice|mouse|rats?|zebrafish|rabbits?|pigs?|monkeys|macaques|drosophila)\b", re.I)
_PEOPLE_WORDS = re.compile(
    r"\b(?:patients?|participants?|adults?|women|men|children|humans?|volunteers?)\b", re.I
)
_IN_VITRO = re.compile(r"\bin\s+vitro\b", re.I)

_RETRACTED = re.compile(
    r"^\W*(?:(?:RETRACTED|WITHDRAWN)\b(?!\s+(?:papers?|articles?|publications?|studies|literature|science))"
    r"|(?i:retracted|withdrawn)(?i:\s+article|\s+paper)?\s*[:\]])"
    r"|(?i:\[retracted\])\s*$",
)
_RETRACTED_ABSTRACT = re.compile(
    r"^\W*(?:this (?:article|paper) has been (?:retracted|withdrawn)|retracted\W)", re.IGNORECASE
)

_UNITS = (
    "patients|participants|subjects|adults|children|infants|women|men|individuals|people|persons|students|"
    "volunteers|respondents|mothers|families|cases|controls|workers|nurses|physicians|adolescents|males|"
    "females|pregnancies|trials|studies|mice|rats|samples|users"
)
_COUNT = r"\d{1,3}(?:[,\u202f\u2009 ]\d{3})+|\d+"
_OTHER = r"(?!(?:of|from|for|in|to|and|or|with|per|y|yrs?|years?|months?|weeks?|days?|hours?|h|m?g|kg|ml)\b)"
_SAMPLE = re.compile(
    rf"(?<![\w.,/])(?P<count>{_COUNT})(?![.,]?\d|\s*%)\s+(?:{_OTHER}[a-zA-Z][\w-]*\s+){{0,3}}?(?P<unit>{_UNITS})\b(?!\s*[-/])",
)
_N = re.compile(rf"\b[nN]\s*=\s*(?P<count>{_COUNT})(?![.\d])")
_RATE = re.compile(
    r"(?:\bper|\bin(?:\s+every)?|\bof\s+every|/|\b1\s+in)\s*$", re.IGNORECASE
)  # "per 1,000 women"
_STUDIES = frozenset({"trials", "studies"})


def strength(paper: Paper) -> Strength:
    """What the record says of its own strength; empty where it says nothing."""
    text = f"{paper.title}. {paper.abstract}"
    types = [part.strip().lower() for part in paper.extra.get("publication-type", "").split(";")]
    design = _design(paper, types)
    counted = _samples(paper.abstract)
    people = [(count, words) for count, words, unit in counted if unit not in _STUDIES]
    studies = [(count, words) for count, words, unit in counted if unit in _STUDIES]
    sample, said = max(people, default=(0, ""))
    if design in _REVIEWS and studies:
        sample, said = max(studies)
    return Strength(
        design=design,
        sample=sample or None,
        sampled=said,
        retracted="retracted publication" in types
        or bool(_RETRACTED.search(paper.title) or _RETRACTED_ABSTRACT.search(paper.abstract)),
        model=_model(text, design),
    )


def described(note: Strength) -> str:
    """``RETRACTED; randomised trial; 197 patients``; empty where nothing is known."""
    parts = ["RETRACTED"] if note.retracted else []
    parts += [part for part in (note.design, note.model, note.sampled) if part]
    return "; ".join(parts)


def _design(paper: Paper, types: Iterable[str]) -> str:
    for name in types:
        if name in _TYPES and _TYPES[name] != "review":
            return _TYPES[name]
    for name, pattern in _DESIGNS:
        if re.search(rf"\b(?:{pattern})\b", paper.title, re.IGNORECASE) and not _about(paper.title, pattern):
            return name
    for name, pattern in _DESIGNS:
        own = rf"(?:{_OWN})(?:{pattern})\b|\b(?:{pattern}){_DONE}"
        if name != "review" and re.search(own, paper.abstract, re.IGNORECASE):
            return name
    if _ASSIGNED.search(paper.abstract):
        return "randomised trial"
    if "review" in types or _WE_REVIEW.search(paper.abstract):
        return "review"
    return ""


def _about(title: str, pattern: str) -> bool:
    """Whether a title names a design as its object: "Screening for systematic reviews"."""
    before = (
        rf"\b(?:for|in|of|from|into|on|about|automat\w+|writing|conducting|to)\s+(?:\w+\s+)?(?:{pattern})s?\b"
    )
    return bool(re.search(before, title, re.IGNORECASE)) or bool(
        re.search(rf"\b(?:{pattern})s\b", title, re.IGNORECASE)
    )


def _samples(text: str) -> list[tuple[int, str, str]]:
    """Counts of people, animals or studies: number, words as written, unit."""
    found = []
    for match in _SAMPLE.finditer(text):
        if not _RATE.search(text, max(0, match.start() - 12), match.start()):
            words = " ".join(match[0].split())
            found.append((_number(match["count"]), words, match["unit"].lower()))
    found += [(_number(match["count"]), " ".join(match[0].split()), "n") for match in _N.finditer(text)]
    return [item for item in found if item[0] > 0 and not (item[2] != "n" and 1900 <= item[0] <= 2100)]


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _model(text: str, design: str) -> str:
    """Whether it was seen in animals or in vitro only, and not in people."""
    if design in _REVIEWS or _PEOPLE_WORDS.search(text):
        return ""
    if _ANIMALS.search(text):
        return "in animals"
    return "in vitro" if _IN_VITRO.search(text) else ""
