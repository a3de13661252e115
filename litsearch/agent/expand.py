"""Planning what to search for: a first round from the question, a second from what it found."""

from collections.abc import Iterable, Sequence

from litsearch.agent.events import Finding, Planned, PlannedQuery
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import GapsReply, PlannedQueryReply, PlanReply
from litsearch.agent.wording import telling

MOST_QUERIES = 6  # of a model, in one round

ASKED = "as asked"
FEEDBACK = "as asked, widened by words of the papers it finds (RM3)"
SIMILAR = "as asked, drawn towards the relevant papers"

_FEW = 2  # queries of a model, below which the program adds its own


async def plan(reader: Reader, question: str) -> Planned:
    """Complementary keyword queries; the question itself always comes first, and where the model's say
    little else, it is widened by the program too."""
    reply = await reader.ask("plan", PlanReply, step="plan", question=question)
    queries = [PlannedQuery(question, ASKED), *_new(reply.queries, [question])]
    if len(queries) <= _FEW:
        queries.insert(1, PlannedQuery(question, FEEDBACK))
    return Planned(1, tuple(queries), "model")


def plan_by_program(question: str) -> Planned:
    """The question, alone and with feedback."""
    return Planned(1, (PlannedQuery(question, ASKED), PlannedQuery(question, FEEDBACK)), "program")


async def plan_gaps(
    reader: Reader, question: str, tried: Sequence[PlannedQuery], findings: Sequence[Finding], number: int
) -> Planned:
    """Queries for what is still missing; none where nothing is."""
    reply = await reader.ask(
        "gaps",
        GapsReply,
        step="plan",
        question=question,
        queries="\n".join(f"- {query.text}" for query in tried),
        findings=reader.findings(findings),
    )
    queries = _new(reply.queries, [query.text for query in tried])
    if reply.queries and not queries:
        return plan_gaps_by_program(question, number)  # it said that something is missing, and nothing new
    return Planned(number, tuple(queries), "model")


def plan_gaps_by_program(question: str, number: int) -> Planned:
    """The question again, drawn towards the papers held relevant."""
    return Planned(number, (PlannedQuery(question, SIMILAR),), "program")


def _new(queries: Iterable[PlannedQueryReply], tried: Iterable[str]) -> list[PlannedQuery]:
    """The queries that search for something that none before them has."""
    seen = [_sought(text) for text in tried]
    kept = []
    for query in queries:
        text = " ".join(query.text.split())
        telling = _sought(text)
        if telling and not any(telling <= words for words in seen):
            seen.append(telling)
            kept.append(PlannedQuery(text, " ".join(query.purpose.split())))
    return kept[:MOST_QUERIES]


def _sought(text: str) -> frozenset[str]:
    """What a query searches for; its operators are part of that."""
    return telling(text) | {mark for mark in '+"' if mark in text}
