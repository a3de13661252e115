"""``answers.jsonl``: what each question was answered, for programs."""

import json
from collections.abc import Iterator

from litsearch.agent.citations import Citations
from litsearch.agent.events import Sentence
from litsearch.review.result import QuestionResult, ReviewResult


def jsonl(result: ReviewResult) -> Iterator[str]:
    for each in result.questions:
        yield json.dumps(record(each), ensure_ascii=False) + "\n"


def record(asked: QuestionResult) -> dict[str, object]:
    """A question with its sentences, each with the findings and the papers that it cites."""
    answered = asked.answered
    values: dict[str, object] = {"id": asked.id, "question": asked.question}
    if answered is None:
        return {**values, "error": asked.error, "hint": asked.hint, "sentences": []}
    citations = Citations.of(answered)
    return {
        **values,
        "complete": answered.complete,
        "ending": answered.ending,
        "sentences": [_sentence(sentence, citations) for sentence in answered.sentences],
        "extent": answered.extent.statement,
    }


def _sentence(sentence: Sentence, citations: Citations) -> dict[str, object]:
    return {
        "text": sentence.text,
        "status": sentence.status,
        "note": sentence.note,
        "findings": list(sentence.findings),
        "keys": [reference.key for reference in citations.sentence(sentence)],
    }
