"""An answer as a list: its sentences with what they cite, what failed, what was searched, the references."""

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content

from litsearch.agent.citations import Citations, label
from litsearch.agent.events import Answered, Failed, Reference, Review, Section, Sentence
from litsearch.agent.story import Story
from litsearch.cli.render_answer import MEANING, attribution_line, failure_line, reference_parts, spent_line
from litsearch.cli.render_claims import short_name
from litsearch.cli.screen import line
from tui.entries import MUTED, SPACE, STANCES, Entry, heading, note

UNREAD = "No model read anything: these are quotes that the program picked, word for word."


def answer_entries(story: Story) -> list[Entry]:
    """All that is to be read of a run's end."""
    answered = story.answered
    empty = answered is None or not answered.findings
    entries = list(_failures(story.failures)) if empty else []
    if answered is not None:
        entries += _answered(answered)
        if not empty and story.failures:
            entries += [*heading("What failed"), *_failures(story.failures)]
    if story.dropped:
        entries += heading("What was left out")
        entries += [note(f"“{line(each.text)}”: {line(each.reason)}") for each in story.dropped]
    if story.spent is not None:
        entries += [*heading("What it cost"), note(spent_line(story.spent), "")]
    return entries


def _answered(answered: Answered) -> Iterator[Entry]:
    citations = Citations.of(answered)
    if not answered.complete:
        yield note(f"This run ended early: {line(answered.ending) or 'it was stopped'}.", "$text-warning")
    written = [sentence for section in _sections(answered) for sentence in section.sentences]
    if answered.sentences or written:
        yield from _sentences(answered, citations, written)
    else:
        yield note("No evidence was found, so there is no answer.", "bold")
    if answered.review is not None:
        yield from _review(answered.review, answered, citations)
    yield from heading("What was searched")
    yield note(line(answered.extent.statement), "")
    if answered.references:
        yield from heading("References")
        yield from (_reference(each, answered) for each in answered.references)


def _sections(answered: Answered) -> Sequence[Section]:
    return answered.review.sections if answered.review is not None else ()


def _sentences(answered: Answered, citations: Citations, written: Sequence[Sentence]) -> Iterator[Entry]:
    """The answer, or what a review says in short and then section by section, and what its words mean."""
    if all(finding.judge == "program" for finding in answered.findings):
        yield note(UNREAD, "$text-warning")
    statuses = dict.fromkeys(sentence.status for sentence in (*answered.sentences, *written))
    for sentence in answered.sentences:
        yield _sentence(sentence, citations, differ=len(statuses) > 1)
    for section in _sections(answered):
        yield from heading(line(section.title))
        yield from (_sentence(each, citations, differ=len(statuses) > 1) for each in section.sentences)
    yield SPACE
    yield from (note(MEANING[status]) for status in statuses)
    if answered.attribution:
        yield note(attribution_line(answered.attribution))


def _review(review: Review, answered: Answered, citations: Citations) -> Iterator[Entry]:
    """What a review adds to its sections: the papers compared, and its limits."""
    if review.studies:
        yield from heading("The papers compared")
    for study in review.studies:
        reference = citations.references.get(study.id)
        name = f"[{reference.number}] {short_name(reference)}" if reference else line(study.key)
        told = (study.design, study.sample, study.population, study.method)
        words = "; ".join(line(each) for each in told if each) or "its record says no more"
        content = Content.assemble((label(study.stance), STANCES[study.stance]), "  ", (name, "$text-accent"))
        retracted = Content.styled(" RETRACTED", "$text-error") if study.retracted else Content("")
        quoted = tuple(finding for finding in answered.findings if finding.quote.id == study.id)
        yield Entry(content + retracted + Content.styled(f"  {words}", MUTED), quoted, study.id)
    yield from heading("Limits")
    yield note(line(review.limits), "")


def _sentence(sentence: Sentence, citations: Citations, *, differ: bool) -> Entry:
    cited = ", ".join(str(reference.number) for reference in citations.sentence(sentence))
    content = Content.assemble(("▪ ", MUTED), line(sentence.text))
    if cited:
        content += Content.styled(f" [{cited}]", "$text-accent")
    if differ or sentence.status == "unverified":
        style = "$text-warning" if sentence.status == "unverified" else MUTED
        content += Content.styled(f" ({sentence.status})", style)
    if sentence.note:
        content += Content.styled(f" ({line(sentence.note)})", MUTED)
    found = (citations.findings.get(number) for number in sentence.findings)
    return Entry(content, tuple(finding for finding in found if finding))


def _reference(reference: Reference, answered: Answered) -> Entry:
    """A reference leads to all quotes of its paper."""
    words = Content(" ".join(line(part) for part in reference_parts(reference)))
    return Entry(
        Content.styled(f"[{reference.number}] ", "$text-accent") + words,
        tuple(finding for finding in answered.findings if finding.quote.id == reference.id),
        reference.id,
    )


def _failures(failures: Iterable[Failed]) -> Iterator[Entry]:
    return (note(failure_line(failure), "$text-error") for failure in failures)
