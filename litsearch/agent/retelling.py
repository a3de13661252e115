"""A run told again from its events: what each search brought, what was dropped, how far each stage came."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from litsearch.agent.events import Answered, Distilled, Dropped, Event, Judged, Searched, Sectioned, Verified
from litsearch.agent.ledger import Ledger
from litsearch.agent.widening import TO_VERIFY


@dataclass(frozen=True, slots=True)
class Yield:
    """What one search brought, by the judgements of the whole run."""

    searched: Searched
    judged: int  # of the papers that it found
    relevant: int
    added: int  # relevant ones that no earlier search had found


@dataclass(frozen=True, slots=True)
class Reached:
    """How many of the papers that are known to be relevant a run had by a stage."""

    stage: str
    papers: int
    recall: float


@dataclass(frozen=True, slots=True)
class StepSpent:
    """What the calls of one step took. ``cost`` is in US dollars, None where a price is not known."""

    step: str
    model: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


def yields(events: Iterable[Event]) -> list[Yield]:
    """Each search with its yield, in order."""
    kept = list(events)
    relevant = {event.id: event.is_relevant for event in kept if isinstance(event, Judged)}
    known: set[int] = set()
    told = []
    for event in kept:
        if isinstance(event, Searched):
            found = {paper.id for paper in event.found}
            good = {paper for paper in found if relevant.get(paper)}
            told.append(Yield(event, len(found & relevant.keys()), len(good), len(good - known)))
            known |= found
    return told


def dropped(events: Iterable[Event]) -> list[tuple[str, Dropped]]:
    """What failed a check, with where: the paper's key, the answer, or the section."""
    told: list[tuple[str, Dropped]] = []
    for event in events:
        match event:
            case Distilled():
                told += [(event.key, each) for each in event.dropped]
            case Verified():
                told += [("answer", each) for each in event.dropped]
            case Sectioned():
                told += [(event.section.title, each) for each in event.dropped]
            case _:
                pass
    return told


def recall_by_stage(events: Sequence[Event], relevant: Collection[str]) -> list[Reached]:
    """How many of the relevant papers, by their keys, each stage had: of the searches all that they found,
    then what was judged relevant, and what the end quotes."""
    searched = [event for event in events if isinstance(event, Searched)]
    planned = [each for each in searched if not each.purpose.startswith(TO_VERIFY)]
    judged = {each.key for each in events if isinstance(each, Judged) and each.is_relevant}
    ends = (event for event in events if isinstance(event, Answered))
    quoted = {finding.quote.key for end in ends for finding in end.findings}
    stages = {
        "first query": _keys(searched[:1]),
        "expansion": _keys(each for each in searched if each.round == 1),
        "feedback": _keys(planned),
        "verification": _keys(searched),
        "held relevant": judged,
        "quoted": quoted,
    }
    wanted = frozenset(relevant)
    counts = {stage: len(keys & wanted) for stage, keys in stages.items()}
    return [Reached(stage, count, count / len(wanted) if wanted else 0.0) for stage, count in counts.items()]


def spending(ledger: Ledger, run: str) -> list[StepSpent]:
    """What the calls that a run paid for took, by step and model. Raises RunError."""
    rows = ledger.rows(
        "SELECT step, model, count(*), sum(prompt_tokens), sum(completion_tokens),"
        " CASE WHEN count(cost) = count(*) THEN sum(cost) END"
        " FROM calls WHERE run = ? GROUP BY step, model ORDER BY min(rowid)",
        run,
    )
    return [StepSpent(*row) for row in rows]


def _keys(searched: Iterable[Searched]) -> set[str]:
    return {found.key for each in searched for found in each.found}
