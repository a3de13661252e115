"""What a review came to, as lines for the terminal or a pipe."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litsearch.cli.screen import line, plural

if TYPE_CHECKING:
    from litsearch.config import Settings
    from litsearch.review.protocol import Protocol
    from litsearch.review.result import QuestionResult, ReviewResult


def summary(protocol: "Protocol", settings: "Settings") -> Iterator[str]:
    """What a protocol sets out to do, a line a stage."""
    from litsearch.review.protocol import Search
    from litsearch.review.screening import plan
    from litsearch.review.searching import queries, searched_screening

    screening, search = plan(protocol), protocol.search or Search()
    searched = protocol.search is not None or screening is not None
    yield line(protocol.title)
    if searched:
        planned = f"{plural(len(queries(protocol)), 'query', 'queries')}, {search.most:,} papers each"
        if name := searched_screening(protocol):
            planned = f"the candidates of the screening {line(name)}"
        yield f"search: {'everything' if search.everything else planned}"
    if screening:
        criteria = plural(len(protocol.include) + len(protocol.exclude), "criterion", "criteria")
        yield f"screen: by {screening.by}, {criteria}, {plural(len(protocol.seeds), 'seed')}"
    if protocol.questions:
        over = "the included papers" if searched else "the library"
        yield f"answer: {plural(len(protocol.questions), 'question')} from {over}"
    if protocol.extract:
        of = "included" if searched else "quoted"
        yield f"extract: {', '.join(line(field.name) for field in protocol.extract)} of the {of} papers"
    models = dict.fromkeys(filter(None, (settings.reading, settings.writing)))
    yield f"model: {', '.join(models) or 'none, so answers are made of quotes'}"


def told(result: "ReviewResult") -> Iterator[str]:
    """Status, a line for each question, the flow of papers, and what went wrong."""
    manifest = result.manifest
    yield f"{manifest.review}: {result.status}"
    changes = dict(result.changes)
    for each in result.questions:
        changed = f"  [{line(changes[each.id])}]" if each.id in changes else ""
        yield f"{each.id}  {_answer(each)}  {line(each.question)}{changed}"
    flow = result.flow
    if flow.identified:
        records = sum(count for _, count in flow.identified)
        yield (
            f"{plural(records, 'record')} found, {flow.duplicates:,} duplicates, {flow.screened:,} screened,"
            f" {flow.included:,} included, {flow.undecided:,} undecided"
        )
    if result.extracted:
        filled = sum(cell.value is not None for row in result.extracted for cell in row.cells)
        yield f"{plural(len(result.extracted), 'paper')} extracted, {plural(filled, 'value')}"
    spent = result.spent
    if spent.calls or spent.cached:
        cost = "price not known" if spent.cost is None else f"${spent.cost:.4f}"
        tokens = spent.prompt_tokens + spent.completion_tokens
        yield f"{plural(spent.calls, 'call')}, {spent.cached:,} from the cache, {tokens:,} tokens, {cost}"
    for problem in result.problems:
        yield f"problem: {line(problem)}"


def _answer(result: "QuestionResult") -> str:
    if result.answered is None:
        return "failed"
    papers = len({finding.quote.id for finding in result.answered.findings})
    if not result.answered.sentences:
        return "no evidence"
    return f"{plural(len(result.answered.sentences), 'sentence')}, {plural(papers, 'paper')}"
