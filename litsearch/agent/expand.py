"""Planning what to search for: a first round from the question, a second from what it found."""

from collections.abc import Iterable, Sequence

from litsearch.agent.events import Finding, Planned, PlannedQuery
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import GapsReply, PlannedQueryReply, PlanReply

MOST_QUERIES = 6  # of a model, in one round

ASKED = "the question itself"
FEEDBACK = "the question with words of the papers it finds (RM3)"
SIMILAR = "papers like the relevant ones so far"


async def plan(reader: Reader, question: str) -> Planned:
    """Complementary keyword queries; the question itself always comes first."""
    reply = await reader.ask("plan", PlanReply, step="plan", question=question)
    return Planned(1, (PlannedQuery(question, ASKED), *_new(reply.queries, [question])), "model")


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
    return Planned(number, tuple(_new(reply.queries, [query.text for query in tried])), "model")


def plan_gaps_by_program(question: str, number: int) -> Planned:
    """The question again, drawn towards the papers held relevant."""
    return Planned(number, (PlannedQuery(question, SIMILAR),), "program")


def _new(queries: Iterable[PlannedQueryReply], tried: Iterable[str]) -> Iterable[PlannedQuery]:
    """The queries that were not tried yet, each once."""
    seen = {" ".join(text.lower().split()) for text in tried}
    kept = []
    for query in queries:
        text = " ".join(query.text.split())
        if text and text.lower() not in seen:
            seen.add(text.lower())
            kept.append(PlannedQuery(text, " ".join(query.purpose.split())))
    return kept[:MOST_QUERIES]
