"""What a review will take, before it is begun: calls, tokens and cost.

Searching costs nothing, so it is done: how many papers are to be screened is known. How many tokens a step
takes is what the ledger has measured of its calls; where the model made none yet, the prompt is filled and
reckoned. How many papers of a question are relevant is not known: the mean of the ledger's runs is taken, and
what the limits allow is said beside it. Replies that are in the cache cost nothing, and are not looked up: it
may well be less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexes.hybrid import HybridIndex
from indexes.types import Query
from litsearch.agent.ledger import Ledger
from litsearch.config import Settings
from litsearch.library import Library
from litsearch.llm import cost, tokens
from litsearch.paths import default_prompts
from litsearch.review.protocol import Protocol, Search
from litsearch.review.scope import filters
from litsearch.review.screening import plan
from litsearch.review.searching import (
    deduplicated,
    everything,
    fused,
    of_screening,
    queries,
    searched_screening,
    seed_ids,
)
from prompts import Name, load

_SAMPLE = 200  # papers whose length is looked at
_FENCE = 60  # tokens around a paper: the fence and the form of the reply
_REPLY = 120  # tokens of a usual reply
_PAPERS = {"plan": 0, "pseudo_answers": 0, "gaps": 2, "claims": 2, "compose": 2, "revise": 3, "synthesise": 8}
"""Papers that a prompt shows about as much text as; one where nothing is said."""
_READING: Sequence[Name] = ("plan", "pseudo_answers", "judge", "distill", "gaps", "questions", "verify")
_WRITING: Sequence[Name] = ("claims", "compose", "revise")


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of call. ``most`` is what the limits allow, ``measured`` from how many calls of the ledger the
    tokens are known; ``cost`` is in US dollars, None where the price is not known."""

    name: str
    model: str
    calls: int
    most: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    measured: int


def estimate(
    protocol: Protocol, settings: Settings, library: Library, index: HybridIndex, ledger: Ledger
) -> list[Step]:
    """The steps that will be made; none without a model. Raises as a search does."""
    if not settings.reading:
        return []
    screening, rows = plan(protocol), len(protocol.questions) * settings.max_papers // 4
    found = _candidates(protocol, library, index)
    reckon = _Reckoner(ledger, _mean_tokens(library, found))
    steps: list[Step] = []
    if screening or protocol.search:
        rows = len(found)
        if screening and screening.by == "model":
            read = min(screening.most or rows, rows)
            steps.append(reckon.step(settings.reading, "screen", read, read))
    if protocol.questions:
        steps += [reckon.of_questions(protocol, settings, name, settings.reading) for name in _READING]
        steps += [reckon.of_questions(protocol, settings, name, settings.writing) for name in _WRITING]
    if protocol.extract:
        steps.append(reckon.step(settings.reading, "extract", rows, rows))
    if protocol.synthesis and len(protocol.questions) > 1:
        steps.append(reckon.step(settings.writing, "synthesise", 1, 2))
    return [step for step in steps if step.calls]


def lines(steps: Sequence[Step]) -> Iterator[str]:
    """A table, with the sum."""
    if not steps:
        yield "No calls: no model is named"
        return
    yield f"{'step':<16}{'calls':>8}{'at most':>9}{'tokens in':>12}{'out':>10}  cost"
    for step in steps:
        note = "" if step.measured else "  (tokens reckoned: no such call was made yet)"
        yield _line(step.name, step, _dollars(step.cost)) + note
    whole = Step(
        "all",
        "",
        sum(step.calls for step in steps),
        sum(step.most for step in steps),
        sum(step.prompt_tokens for step in steps),
        sum(step.completion_tokens for step in steps),
        None if any(step.cost is None for step in steps) else sum(step.cost or 0.0 for step in steps),
        0,
    )
    yield _line("all", whole, _dollars(whole.cost))


def _candidates(protocol: Protocol, library: Library, index: HybridIndex) -> tuple[int, ...]:
    if searched_screening(protocol):
        own = of_screening(library, index, protocol).papers
        return deduplicated(library, fused([own], seed_ids(library, protocol))).papers
    most = (protocol.search or Search()).most
    found: list[list[int]] = []
    for query, scope in queries(protocol):
        if not query:
            found.append(everything(library, filters(library, scope)))
            continue
        hits = index.search(Query(query, filters(library, scope)), k=most).hits
        found.append([hit.id for hit in hits])
    return deduplicated(library, fused(found, seed_ids(library, protocol))).papers


def _mean_tokens(library: Library, papers: Sequence[int]) -> int:
    """Of a title and abstract, over some of the papers."""
    sample = library.papers(papers[:: max(1, len(papers) // _SAMPLE)])
    lengths = [tokens(stored.paper.title, stored.paper.abstract) for stored in sample]
    return round(sum(lengths) / len(lengths)) if lengths else 0


class _Reckoner:
    def __init__(self, ledger: Ledger, paper: int) -> None:
        """``paper`` are the tokens of one."""
        self._ledger = ledger
        self._paper = paper

    def of_questions(self, protocol: Protocol, settings: Settings, name: Name, model: str) -> Step:
        """A step that each question makes: as often as in the ledger's runs on the mean, else as is usual."""
        most = _most(settings, name)
        usual = {"judge": most // 2, "distill": most // 4, "verify": 6}.get(name, min(most, 1))
        [(calls, runs)] = self._ledger.rows(
            "SELECT count(*), count(DISTINCT run) FROM calls WHERE prompt LIKE ? || ' %' AND model = ?",
            name,
            model,
        ) or [(0, 0)]
        mean = min(most, round(calls / runs)) if runs else usual
        questions = len(protocol.questions)
        return self.step(model, name, mean * questions, most * questions)

    def step(self, model: str, name: Name, calls: int, most: int) -> Step:
        [(measured, asked, replied)] = self._ledger.rows(
            "SELECT count(*), avg(prompt_tokens), avg(completion_tokens) FROM calls"
            " WHERE prompt LIKE ? || ' %' AND model = ? AND NOT estimated",
            name,
            model,
        ) or [(0, None, None)]
        template = load(name, default_prompts())
        filled = tokens(template.system, template.text) + _FENCE + self._paper * _PAPERS.get(name, 1)
        prompt, reply = round((asked or filled) * calls), round((replied or _REPLY) * calls)
        return Step(name, model, calls, most, prompt, reply, cost(model, prompt, reply), measured)


def _most(settings: Settings, name: Name) -> int:
    """Calls of a question that the limits allow."""
    papers = settings.max_papers
    fixed = {
        "pseudo_answers": min(1, settings.pseudo_answers),
        "judge": papers,
        "distill": papers,
        "gaps": settings.rounds - 1,
        "verify": 16,
        "claims": 2,
    }
    return min(settings.max_calls, fixed.get(name, 1))


def _line(name: str, step: Step, dollars: str) -> str:
    spent = f"{step.prompt_tokens:>12,}{step.completion_tokens:>10,}"
    return f"{name:<16}{step.calls:>8,}{step.most:>9,}{spent}  {dollars}"


def _dollars(cost_: float | None) -> str:
    return "price not known" if cost_ is None else f"${cost_:,.4f}"
