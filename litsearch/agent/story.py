"""The events of a run folded into what is shown of it at the end, live or from the ledger."""

from dataclasses import dataclass, field

from litsearch.agent.events import Answered, Dropped, Event, Failed, Sectioned, Spent, Started, Verified


@dataclass(slots=True)
class Story:
    """What the end of a run is shown from. ``answered`` is None where it never came to an end."""

    started: Started | None = None
    answered: Answered | None = None
    spent: Spent | None = None
    failures: list[Failed] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def take(self, event: Event) -> None:
        match event:
            case Started():
                self.started = event
            case Answered():
                self.answered = event
            case Spent():
                self.spent = event
            case Failed():
                self.failures.append(event)
            case Verified() | Sectioned():
                self.dropped.extend(event.dropped)
            case _:
                pass
