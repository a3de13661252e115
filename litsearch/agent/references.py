"""The works an answer rests on, numbered as its sentences cite them."""

from collections.abc import Mapping, Sequence

from litsearch.agent.events import Finding, Reference, Sentence
from litsearch.papers import StoredPaper


def number_references(
    sentences: Sequence[Sentence], findings: Sequence[Finding], papers: Mapping[int, StoredPaper]
) -> tuple[Reference, ...]:
    """One reference for each paper that a finding quotes: those cited first, in order of first citation,
    then those of the findings that no sentence cites. A paper that is not in ``papers`` has none."""
    by_number = {finding.number: finding for finding in findings}
    cited = [
        by_number[number] for sentence in sentences for number in sentence.findings if number in by_number
    ]
    ids = dict.fromkeys(finding.quote.id for finding in (*cited, *findings))
    quoted = (papers[paper] for paper in ids if paper in papers)
    return tuple(reference(stored, number) for number, stored in enumerate(quoted, 1))


def reference(stored: StoredPaper, number: int) -> Reference:
    """The paper as a work that is cited by that number."""
    paper = stored.paper
    return Reference(
        number=number,
        id=stored.id,
        key=stored.key,
        title=paper.title,
        authors=tuple(author.name for author in paper.authors),
        year=paper.year,
        venue=paper.venue,
        identifiers=tuple(str(identifier) for identifier in paper.identifiers),
        url=paper.url,
        is_summary=paper.is_summary,
    )
