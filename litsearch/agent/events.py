"""What the research loop says to the world. Every event is a value, kept in the ledger before it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Literal, Union, cast, get_args, get_origin, get_type_hints

from litsearch.errors import RunError

Stance = Literal["supports", "contradicts", "mixed", "background"]
Judge = Literal["model", "program"]
Status = Literal["supported", "quoted", "unverified"]
"""supported: an entailment verdict says so. quoted: the quotes are checked, no more. unverified: neither."""


@dataclass(frozen=True, slots=True)
class Started:
    run: str
    question: str
    model: str  # "" where no model reads
    seed: int
    papers: int  # in the library
    revision: int
    starter: bool  # the library is litsearch's own starter library of summaries


@dataclass(frozen=True, slots=True)
class PlannedQuery:
    text: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Planned:
    round: int  # 1-based
    queries: tuple[PlannedQuery, ...]
    planner: Judge


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    key: str
    title: str
    year: int | None
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Searched:
    round: int
    query: str
    found: tuple[Found, ...]
    total: int
    new: int  # papers that no earlier query of this run had found
    legs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    id: int
    key: str
    title: str
    relevance: int  # 0 to 3
    reason: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Quote:
    """A checked stretch of a paper's stored text: ``text == field[start:end]``, in characters."""

    id: int
    key: str
    field: Literal["title", "abstract"]
    start: int
    end: int
    text: str
    is_summary: bool  # from litsearch's summary of the paper, not from the paper


@dataclass(frozen=True, slots=True)
class Finding:
    number: int  # 1-based in the run
    claim: str
    quote: Quote
    stance: Stance
    judge: Judge


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that failed a check, and which one."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Distilled:
    id: int
    key: str
    findings: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the numbers of the findings it cites."""

    text: str
    findings: tuple[int, ...]
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    number: int  # 1-based, in order of first citation; what [1] in the text means
    id: int
    key: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    identifiers: tuple[str, ...]
    url: str
    is_summary: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was looked at, in counts; ``statement`` says it in plain words and claims no more."""

    papers: int
    queries: int
    found: int  # distinct papers
    judged: int
    relevant: int
    findings: int
    legs: tuple[str, ...]
    statement: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The end of a run. Without evidence ``sentences`` is empty and ``extent`` says what was tried."""

    question: str
    sentences: tuple[Sentence, ...]
    findings: tuple[Finding, ...]
    references: tuple[Reference, ...]
    extent: Extent
    complete: bool  # False where a budget, a timeout or the user ended it early
    ending: str = ""  # why it ended early


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that failed: alone and visibly, or, where ``fatal``, the run with it."""

    step: str
    message: str
    hint: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """What the run has cost so far. ``cost`` is in US dollars, None where the price is not known."""

    calls: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    estimated: bool = False  # a server did not count its tokens, so they are reckoned from characters


Event = Started | Planned | Searched | Judged | Distilled | Drafted | Verified | Answered | Failed | Spent


def to_json(event: Event) -> dict[str, object]:
    """The event as values that JSON can hold, flat, with its type's name: ``{"type": "Searched", ...}``."""
    return {"type": type(event).__name__} | {
        field.name: _plain(getattr(event, field.name)) for field in fields(event)
    }


def from_json(body: Mapping[str, object]) -> Event:
    """The event that :func:`to_json` gave these values for.

    Raises:
        RunError: the type is unknown, or the values don't fit it.
    """
    kind = _KINDS.get(str(body.get("type")))
    if kind is None:
        raise RunError(
            f"An event of the unknown type {body.get('type')!r}",
            "A newer litsearch may have written it: update this one",
        )
    try:
        return cast(Event, _build(kind, {name: value for name, value in body.items() if name != "type"}))
    except (TypeError, ValueError) as error:
        raise RunError(f"A damaged event of the type {kind.__name__}: {error}") from error


_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _build(kind: type, values: object) -> object:
    if not isinstance(values, dict):
        raise TypeError(f"expected an object, found {values!r}")
    hints = _hints(kind)
    if unknown := values.keys() - hints.keys():
        raise ValueError(f"unknown field {min(unknown)!r}")
    return kind(**{name: _read(hints[name], value) for name, value in values.items()})


def _read(kind: object, value: object) -> object:
    """``value`` as the annotation ``kind`` says; only the kinds that events use."""
    origin, options = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _read(options[0], value)
    if origin is Literal:
        if value not in options:
            raise ValueError(f"{value!r} is none of {', '.join(options)}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, found {value!r}")
        return tuple(_read(options[0], item) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _build(kind, value)
    if type(value) is kind or (kind is float and type(value) is int):
        return value
    raise TypeError(f"expected {kind}, found {value!r}")
