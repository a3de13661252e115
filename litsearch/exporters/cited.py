"""What an answer and a review say alike in Pandoc Markdown: the head, and sentences with their citations."""

import json
from collections.abc import Sequence

from litsearch.agent.citations import Citations
from litsearch.agent.events import Answered, Finding, Sentence
from litsearch.exporters.citation import pandoc_citation
from litsearch.exporters.markdown import plain

REFERENCES = "\n# References\n\n::: {#refs}\n:::\n"


def head(answered: Answered, bibliography: str = "") -> str:
    """The front matter: the question, and the name of the .bib file where there is one."""
    named = f"bibliography: {json.dumps(bibliography, ensure_ascii=False)}\n" if bibliography else ""
    return f"---\ntitle: {json.dumps(plain(answered.question), ensure_ascii=False)}\n{named}---\n\n"


def ended(answered: Answered) -> str:
    """That the run ended early and why; empty where it did not."""
    if answered.complete:
        return ""
    return f"\nThis run ended early: {plain(answered.ending) or 'it was stopped'}.\n"


def paragraph(sentences: Sequence[Sentence], citations: Citations) -> str:
    """The sentences in a row, each with its citations before the full stop."""
    return " ".join(_sentence(sentence, citations) for sentence in sentences) + "\n"


def cited(finding: Finding, citations: Citations) -> str:
    """``[@key]``."""
    reference = citations.finding(finding)
    return f"[{pandoc_citation(reference.key)}]" if reference else ""


def _sentence(sentence: Sentence, citations: Citations) -> str:
    words = plain(sentence.text)
    stop = words[-1:] if words[-1:] in (".", "?") else ""
    keys = "; ".join(pandoc_citation(reference.key) for reference in citations.sentence(sentence))
    status = "" if sentence.status == "supported" else f" ({sentence.status})"
    return f"{words.removesuffix(stop)}{f' [{keys}]' if keys else ''}{status}{stop}"
