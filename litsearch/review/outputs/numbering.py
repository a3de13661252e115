"""The numbers of references, one list for the whole report."""

from collections.abc import Iterator
from dataclasses import replace

from litsearch.agent.citations import Citations
from litsearch.agent.events import Finding, Reference
from litsearch.agent.references import reference
from litsearch.review.result import ReviewResult


def references(result: ReviewResult) -> tuple[Reference, ...]:
    """Cited papers in order of first citation, then those that were included and are cited nowhere."""
    known = {stored.id: reference(stored, 0) for stored in result.papers}
    answers = [asked.answered for asked in result.questions if asked.answered]
    known |= {cited.id: cited for answered in answers for cited in answered.references}
    order = [paper for paper in dict.fromkeys(_cited(result)) if paper in known]
    order += sorted(known.keys() - set(order), key=lambda paper: known[paper].key)
    return tuple(replace(known[paper], number=number) for number, paper in enumerate(order, 1))


def citations(findings: tuple[Finding, ...], numbered: tuple[Reference, ...]) -> Citations:
    """Of one answer or of the synthesis, by the numbers of the report."""
    return Citations({finding.number: finding for finding in findings}, {each.id: each for each in numbered})


def _cited(result: ReviewResult) -> Iterator[int]:
    every = {finding.number: finding.quote.id for finding in result.findings}
    for sentence in result.synthesis:
        yield from (every[number] for number in sentence.findings if number in every)
    for asked in result.questions:
        if asked.answered:
            yield from (reference.id for reference in asked.answered.references)
