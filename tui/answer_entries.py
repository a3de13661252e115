"""An answer as a list: its sentences with what they cite, what failed, what was searched, the references."""

from collections.abc import Iterable, Iterator

from textual.content import Content

from litsearch.agent.citations import Citations
from litsearch.agent.events import Answered, Failed, Reference, Sentence
from litsearch.agent.story import Story
from litsearch.cli.render_answer import MEANING, attribution_line, failure_line, reference_parts, spent_line
from litsearch.cli.screen import line
from tui.entries import MUTED, Entry, heading, note

UNREAD = "No model read anything: these are quotes that the program picked, word for word."


def answer_entries(story: Story) -> list[Entry]:
    """All that is to be read of a run's end."""
    answered = story.answered
    entries = list(_failures(story.failures)) if answered is None or not answered.sentences else []
    if answered is not None:
        entries += _answered(answered)
        if answered.sentences and story.failures:
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
    if answered.sentences:
        yield from _sentences(answered, citations)
    else:
        yield note("No evidence was found, so there is no answer.", "bold")
    yield from heading("What was searched")
    yield note(line(answered.extent.statement), "")
    if answered.references:
        yield from heading("References")
        yield from (_reference(each, answered) for each in answered.references)


def _sentences(answered: Answered, citations: Citations) -> Iterator[Entry]:
    if all(finding.judge == "program" for finding in answered.findings):
        yield note(UNREAD, "$text-warning")
    statuses = dict.fromkeys(sentence.status for sentence in answered.sentences)
    for sentence in answered.sentences:
        yield _sentence(sentence, citations, differ=len(statuses) > 1)
    yield from (note(MEANING[status]) for status in statuses)
    if answered.attribution:
        yield note(attribution_line(answered.attribution))


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
