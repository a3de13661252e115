"""``evidence.csv`` and ``evidence.jsonl``: every quote of every answer."""

import json
from collections.abc import Iterator

from litsearch.agent.events import Answered, Finding
from litsearch.exporters.csv import row
from litsearch.review.result import QuestionResult, ReviewResult

COLUMNS = (
    *("question", "finding", "stance", "judge", "claim", "quote", "key", "title", "year"),
    *(
        "field",
        "start",
        "end",
        "is_summary",
        "population",
        "method",
        "design",
        "sample",
        "retracted",
        "cited",
    ),
)


def csv(result: ReviewResult) -> Iterator[str]:
    yield row(COLUMNS)
    for record in records(result):
        yield row(record[name] for name in COLUMNS)


def jsonl(result: ReviewResult) -> Iterator[str]:
    for record in records(result):
        yield json.dumps(record, ensure_ascii=False) + "\n"


def records(result: ReviewResult) -> Iterator[dict[str, str | float | None]]:
    """By question and finding. ``quote`` is the paper's ``field[start:end]``; ``cited`` says whether a
    sentence of the answer rests on it."""
    for each in result.questions:
        if each.answered:
            cited = {number for sentence in each.answered.sentences for number in sentence.findings}
            for finding in each.answered.findings:
                yield _record(each, each.answered, finding, cited=finding.number in cited)


def _record(
    asked: QuestionResult, answered: Answered, finding: Finding, *, cited: bool
) -> dict[str, str | float | None]:
    quote, strength = finding.quote, finding.strength
    reference = next((each for each in answered.references if each.id == quote.id), None)
    return {
        "question": asked.id,
        "finding": finding.number,
        "stance": finding.stance,
        "judge": finding.judge,
        "claim": finding.claim,
        "quote": quote.text,
        "key": quote.key,
        "title": reference.title if reference else "",
        "year": reference.year if reference else None,
        "field": quote.field,
        "start": quote.start,
        "end": quote.end,
        "is_summary": quote.is_summary,
        "population": finding.population,
        "method": finding.method,
        "design": strength.design,
        "sample": strength.sample,
        "retracted": strength.retracted,
        "cited": cited,
    }
