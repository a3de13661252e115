"""Planning what to search for: a first round from the question, later ones from what is missing and from the
papers held relevant."""

from collections.abc import Iterable, Mapping, Sequence

from litsearch.agent.abbreviations import other_names
from litsearch.agent.events import Finding, Planned, PlannedQuery
from litsearch.agent.inquiry import Reader
from litsearch.agent.plan_notes import PlanNote
from litsearch.agent.replies import GapsReply, PlannedQueryReply, PlanReply
from litsearch.agent.wording import telling

# Purposes that say how a query is searched, not only what for
ASKED = "as asked"
OWN = "the user's own"
FEEDBACK = "as asked, widened by words of the papers it finds (RM3)"
NAMES = "as asked, by other names that papers introduce"
SUPPOSED = "words and meaning of a supposed answer"
SIMILAR = "as asked, drawn towards the relevant papers"
NEAR = "papers near at least two of the relevant ones"
CITED = "papers that the relevant ones cite, or that cite them"

_NOBODY = frozenset({"", "any", "all", "none", "n/a", "not applicable", "empty"})  # said by small models
_FEW = 2  # queries of a model, below which the program adds its own


async def plan(reader: Reader, question: str, most: int) -> Planned:
    """Complementary keyword queries; the question itself always comes first, and where the model's say
    little else, it is widened by the program too."""
    reply = await reader.ask("plan", PlanReply, step="plan", question=question, queries=_number(most))
    queries = [PlannedQuery(question, ASKED), *_new(reply.queries, [question], most)]
    if len(queries) <= _FEW:
        queries.insert(1, PlannedQuery(question, FEEDBACK))
    return Planned(1, tuple(queries), "model", _notes(reply))


def plan_by_user(question: str, own: Sequence[str]) -> Planned:
    """The question, and what the user wants searched beside it; nothing is added."""
    texts = [text for text in dict.fromkeys(own) if text != question]
    return Planned(1, (PlannedQuery(question, ASKED), *(PlannedQuery(text, OWN) for text in texts)), "user")


def plan_by_program(question: str, about: str, abbreviations: Mapping[str, str], *, widened: bool) -> Planned:
    """The question alone, by the words of the papers that it finds where it may be ``widened``, and by the
    other names of what it names; ``about`` is the question without its conditions."""
    named = other_names(question, abbreviations)
    queries = [PlannedQuery(question, ASKED)]
    if widened:
        queries.append(PlannedQuery(question, FEEDBACK))
    if named:
        queries.append(PlannedQuery(f"{about} {' '.join(other for _, other in named)}", NAMES))
    notes = tuple(PlanNote("synonym", f"{name} = {other}") for name, other in named)
    return Planned(1, tuple(queries), "program", notes)


async def plan_gaps(
    reader: Reader, question: str, tried: Sequence[PlannedQuery], findings: Sequence[Finding], most: int
) -> list[PlannedQuery]:
    """Queries for what is still missing; none where nothing is."""
    own = [query for query in tried if query.purpose != SUPPOSED]
    reply = await reader.ask(
        "gaps",
        GapsReply,
        step="plan",
        question=question,
        queries="\n".join(f"- {text}" for text in dict.fromkeys(query.text for query in own)),
        findings=reader.findings(findings),
    )
    return _new(reply.queries, [query.text for query in own], most)


def plan_feedback(question: str, *, citations: bool) -> list[PlannedQuery]:
    """What the papers held relevant lead to: their words, their neighbours, and where it is known what
    they cite."""
    purposes = (SIMILAR, NEAR, CITED) if citations else (SIMILAR, NEAR)
    return [PlannedQuery(question, purpose) for purpose in purposes]


def _number(most: int) -> str:
    if most == 1:
        return "one query"
    return f"{min(3, most)} to {most} queries" if most > 3 else f"{most} queries"


def _notes(reply: PlanReply) -> tuple[PlanNote, ...]:
    notes = [PlanNote("must", text) for text in reply.must]
    notes += [PlanNote("should", text) for text in reply.should if text not in reply.must]
    notes += [PlanNote("synonym", text) for text in reply.synonyms]
    if reply.population.casefold().strip(" .") not in _NOBODY:  # else the question is not clinical
        notes.append(PlanNote("population", reply.population))
        notes.append(PlanNote("intervention", reply.intervention))
        notes.append(PlanNote("comparison", reply.comparison))
        notes.append(PlanNote("outcome", reply.outcome))
    shown = (PlanNote(note.kind, " ".join(note.text.split())) for note in notes)
    return tuple(note for note in shown if note.text)


def _new(queries: Iterable[PlannedQueryReply], tried: Iterable[str], most: int) -> list[PlannedQuery]:
    """The queries that search for something that none before them has."""
    seen = [_sought(text) for text in tried]
    kept = []
    for query in queries:
        text = " ".join(query.text.split())
        telling = _sought(text)
        if telling and not any(telling <= words for words in seen):
            seen.append(telling)
            kept.append(PlannedQuery(text, " ".join(query.purpose.split())))
    return kept[:most]


def _sought(text: str) -> frozenset[str]:
    """What a query searches for; its operators are part of that."""
    return telling(text) | {mark for mark in '+"' if mark in text}
