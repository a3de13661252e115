"""An answer as Pandoc Markdown, cited by the library's own keys."""

from collections.abc import Iterator

from litsearch.agent.citations import Citations, by_stance, label
from litsearch.agent.events import Answered, Finding
from litsearch.exporters.cited import REFERENCES, cited, ended, head, paragraph
from litsearch.exporters.markdown import plain
from litsearch.exporters.reviews import write_review


def write_answer(answered: Answered, bibliography: str = "") -> Iterator[str]:
    """The answer in pieces, or the review that was asked for; ``bibliography`` is the name of the .bib file
    that has its references.

    ``pandoc --citeproc`` puts the list of references at the end.
    """
    if answered.review:
        yield from write_review(answered, answered.review, bibliography)
        return
    citations = Citations.of(answered)
    yield head(answered, bibliography)
    if answered.sentences:
        yield paragraph(answered.sentences, citations)
    else:
        yield "No evidence was found, so there is no answer.\n"
    yield ended(answered)
    if answered.findings:
        yield "\n# Evidence\n\n"
        for finding in by_stance(answered.findings):
            yield f"- **{label(finding.stance)}**: {_quoted(finding, citations)}\n"
        yield "\n# What contradicts\n\n"
        yield from _against(answered, citations)
        yield from _claims(answered, citations)
    yield f"\n# What was searched\n\n{plain(answered.extent.statement)}\n"
    if answered.references:
        yield REFERENCES


def _quoted(finding: Finding, citations: Citations) -> str:
    whose = "litsearch's summary of " if finding.quote.is_summary else ""
    return f"“{plain(finding.quote.text)}” {whose}{cited(finding, citations)}"


def _against(answered: Answered, citations: Citations) -> Iterator[str]:
    against = [finding for finding in answered.findings if finding.stance in ("contradicts", "mixed")]
    if all(finding.stance == "unjudged" for finding in answered.findings):
        yield "Not known: nobody compared these quotes with the question.\n"
    elif not against:
        yield "None of these quotes was judged to contradict the answer.\n"
    for finding in against:
        yield f"- {plain(finding.claim)} ({finding.stance}) {cited(finding, citations)}\n"


def _claims(answered: Answered, citations: Citations) -> Iterator[str]:
    """Contested claims with both their sides."""
    contested = [claim for claim in answered.claims if claim.contested]
    if contested:
        yield "\n# Where papers disagree\n\n"
    for claim in contested:
        yield f"- {plain(claim.text)}\n"
        sides = {"supports": claim.supports, "contradicts": claim.contradicts, "mixed": claim.mixed}
        for side, numbers in sides.items():
            keys = [cited(citations.findings[number], citations) for number in numbers]
            if keys:
                yield f"    - {side}: {' '.join(dict.fromkeys(keys))}\n"
