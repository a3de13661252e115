"""What is said of a review while it goes on: a bar with the time left on a terminal, lines in a log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from indexes.types import Progress
from litsearch.cli.progress import Meter, metered
from litsearch.cli.screen import line, plural, say, write
from litsearch.review.events import (
    Begun,
    Deduplicated,
    Ended,
    Extracted,
    Identified,
    QuestionBegun,
    QuestionEnded,
    ReviewEvent,
    Screened,
    StageBegun,
    Synthesised,
    Trouble,
)


class Teller:
    """Turns events into lines, and into the progress of their stage."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._stage = ""
        self._done = self._total = 0

    def take(self, event: ReviewEvent) -> None:
        words = self._words(event)
        if words:
            say(words)
        if self._stage and not isinstance(event, Ended):
            self._meter(Progress(self._stage, self._done, self._total or None), None)

    def _words(self, event: ReviewEvent) -> str:
        match event:
            case Begun():
                who = f"{line(event.model)} reads" if event.model else "no model reads"
                again = f", attempt {event.attempt}" if event.attempt > 1 else ""
                about = f"{plural(event.papers, 'paper')}, {who}{again}"
                return f"Review {event.review}: {line(event.title)} ({about})"
            case StageBegun():
                self._stage, self._done, self._total = event.stage, event.done, event.total
                before = f", {event.done:,} done before" if event.done else ""
                return f"{event.stage}: {event.total:,}{before}"
            case Trouble():
                hint = f" ({line(event.hint)})" if event.hint else ""
                return f"{event.stage}: {line(event.message)}{hint}"
            case QuestionBegun():
                return ""
        return self._progressed(event)

    def _progressed(self, event: ReviewEvent) -> str:
        """Words for what moves a stage on."""
        match event:
            case Screened():
                self._done += len(event.papers)
                return ""
            case Extracted() | Synthesised():
                self._done += 1
                return ""
            case Identified():
                self._done += 1
                what = line(event.query) or "everything"
                return f"search: {len(event.papers):,} of {event.total:,} for {what}"
            case Deduplicated():
                return f"de-duplicate: {plural(len(event.papers), 'paper')} stay"
            case QuestionEnded(carried=True):
                return f"answer: {event.id}: {event.change}"
            case QuestionEnded():
                self._done += 1
                said = line(event.error) or plural(event.sentences, "sentence")
                change = f" ({line(event.change)})" if event.change else ""
                return f"answer: {event.id}: {said}{change} [{self._done} of {self._total}]"
        return ""


@contextmanager
def live() -> Iterator[Callable[[ReviewEvent], None]]:
    """What is told of a review, on stderr."""
    with metered() as meter:
        yield Teller(meter).take


def write_event(event: ReviewEvent) -> None:
    """An event as a line of JSON on stdout, at once."""
    from litsearch.review.events_json import to_json

    write(json.dumps(to_json(event), ensure_ascii=False) + "\n", flush=True)
