"""A review as Pandoc Markdown, cited by the library's own keys."""

from collections.abc import Iterator, Sequence

from litsearch.agent.citations import Citations, label
from litsearch.agent.events import Answered, Review, Study
from litsearch.exporters.citation import pandoc_citation
from litsearch.exporters.cited import REFERENCES, ended, head, paragraph
from litsearch.exporters.markdown import plain

_COLUMNS = ("Paper", "Stance", "Design", "Sample", "Population", "Method")


def write_review(answered: Answered, review: Review, bibliography: str = "") -> Iterator[str]:
    """The review in pieces; what was not judged by a model is marked as quoted."""
    citations = Citations.of(answered)
    yield head(answered, bibliography)
    if not answered.sentences and not review.sections:
        yield "No evidence was found, so there is no review.\n"
    if any(finding.judge == "model" for finding in answered.findings) and answered.sentences:
        yield f"# In short\n\n{paragraph(answered.sentences, citations)}\n"
    for section in review.sections:
        yield f"# {plain(section.title)}\n\n"
        if section.written:
            yield paragraph(section.sentences, citations)
        else:
            for sentence in section.sentences:
                yield f"- {paragraph([sentence], citations)}"
        yield "\n"
    if review.studies:
        yield "# The papers compared\n\n"
        yield from _table(review.studies)
        yield "\n"
    yield f"# Limits\n\n{plain(review.limits)}\n"
    yield ended(answered)
    if answered.references:
        yield REFERENCES


def _table(studies: Sequence[Study]) -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |\n"
    yield f"|{'---|' * len(_COLUMNS)}\n"
    for study in studies:
        design = f"RETRACTED; {study.design}".rstrip("; ") if study.retracted else study.design
        cells = (label(study.stance), design, study.sample, study.population, study.method)
        told = (plain(cell) or "–" for cell in cells)
        yield f"| [{pandoc_citation(study.key)}] | {' | '.join(told)} |\n"
