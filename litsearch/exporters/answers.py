"""An answer as Pandoc Markdown, cited by the library's own keys."""

import json
from collections.abc import Iterator

from litsearch.agent.citations import Citations, by_stance, label
from litsearch.agent.events import Answered, Finding, Sentence
from litsearch.exporters.citation import pandoc_citation
from litsearch.exporters.markdown import plain


def write_answer(answered: Answered, bibliography: str = "") -> Iterator[str]:
    """The answer in pieces; ``bibliography`` is the name of the .bib file that has its references.

    ``pandoc --citeproc`` puts the list of references at the end.
    """
    citations = Citations.of(answered)
    yield f"---\ntitle: {json.dumps(plain(answered.question), ensure_ascii=False)}\n"
    if bibliography:
        yield f"bibliography: {json.dumps(bibliography, ensure_ascii=False)}\n"
    yield "---\n\n"
    if answered.sentences:
        yield " ".join(_sentence(sentence, citations) for sentence in answered.sentences) + "\n"
    else:
        yield "No evidence was found, so there is no answer.\n"
    if not answered.complete:
        yield f"\nThis run ended early: {plain(answered.ending) or 'it was stopped'}.\n"
    if answered.findings:
        yield "\n# Evidence\n\n"
        for finding in by_stance(answered.findings):
            yield f"- **{label(finding.stance)}**: {_quoted(finding, citations)}\n"
        yield "\n# What contradicts\n\n"
        yield from _against(answered, citations)
        yield from _claims(answered, citations)
    yield f"\n# What was searched\n\n{plain(answered.extent.statement)}\n"
    if answered.references:
        yield "\n# References\n\n::: {#refs}\n:::\n"


def _sentence(sentence: Sentence, citations: Citations) -> str:
    words = plain(sentence.text)
    stop = words[-1:] if words[-1:] in (".", "?") else ""
    cited = "; ".join(pandoc_citation(reference.key) for reference in citations.sentence(sentence))
    status = "" if sentence.status == "supported" else f" ({sentence.status})"
    return f"{words.removesuffix(stop)}{f' [{cited}]' if cited else ''}{status}{stop}"


def _quoted(finding: Finding, citations: Citations) -> str:
    whose = "litsearch's summary of " if finding.quote.is_summary else ""
    return f"“{plain(finding.quote.text)}” {whose}{_cited(finding, citations)}"


def _against(answered: Answered, citations: Citations) -> Iterator[str]:
    against = [finding for finding in answered.findings if finding.stance in ("contradicts", "mixed")]
    if all(finding.stance == "unjudged" for finding in answered.findings):
        yield "Not known: nobody compared these quotes with the question.\n"
    elif not against:
        yield "None of these quotes was judged to contradict the answer.\n"
    for finding in against:
        yield f"- {plain(finding.claim)} ({finding.stance}) {_cited(finding, citations)}\n"


def _claims(answered: Answered, citations: Citations) -> Iterator[str]:
    """Contested claims with both their sides."""
    contested = [claim for claim in answered.claims if claim.contested]
    if contested:
        yield "\n# Where papers disagree\n\n"
    for claim in contested:
        yield f"- {plain(claim.text)}\n"
        sides = {"supports": claim.supports, "contradicts": claim.contradicts, "mixed": claim.mixed}
        for side, numbers in sides.items():
            cited = [_cited(citations.findings[number], citations) for number in numbers]
            if cited:
                yield f"    - {side}: {' '.join(dict.fromkeys(cited))}\n"


def _cited(finding: Finding, citations: Citations) -> str:
    reference = citations.finding(finding)
    return f"[{pandoc_citation(reference.key)}]" if reference else ""
