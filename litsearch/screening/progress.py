"""How far a screening has come, and what its decisions prove of what is still unread. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from litsearch.agent.stopping import CONFIDENCE, recall_bound
from litsearch.screening.decisions import VERDICTS, Decision, Verdict

_LEAST = 0.01  # a bound below says nothing


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of papers. ``bound`` is the share of the relevant candidates (included, or maybe) that were
    found, at least; None where nothing can be said."""

    candidates: int
    included: int
    maybe: int
    excluded: int
    bound: float | None

    @property
    def decided(self) -> int:
        return self.included + self.maybe + self.excluded

    @property
    def left(self) -> int:
        return self.candidates - self.decided

    def counting(self, verdicts: Sequence[Verdict]) -> "Progress":
        """With the counts of other decisions; what was proved by those before stays."""
        included, maybe, excluded = (verdicts.count(each) for each in VERDICTS)
        return replace(self, included=included, maybe=maybe, excluded=excluded)

    @property
    def statement(self) -> str:
        """In plain words how much of what is relevant was found, and under which condition that holds."""
        if not self.candidates:
            return "There are no candidates."
        if not self.decided:
            return "Nothing is decided yet, so nothing can be said of what is left."
        if not self.left:
            return "All candidates are decided. Of papers that are no candidates nothing is said."
        if self.bound is None:
            return "Nothing relevant was found yet, so nothing can be said of what is left."
        if self.bound < _LEAST:
            return "Too little was read to say how much of what is relevant is found."
        return (
            f"With {CONFIDENCE:.0%} confidence, at least {int(self.bound * 100)}% of the relevant candidates "
            f"are found, as long as those left are no likelier to be relevant than those decided last. "
            f"Of papers that are no candidates nothing is said."
        )


def progress(candidates: Sequence[int], decisions: Mapping[int, Decision]) -> Progress:
    """``decisions`` in the order of reading; those on papers that are no candidates are left out.

    The bound is the test of :mod:`litsearch.agent.stopping`, in which the papers decided last stand for those
    that are left. It takes a decision of a paper for true, and "maybe" for relevant.
    """
    own = set(candidates)
    verdicts: list[Verdict] = [decision.verdict for paper, decision in decisions.items() if paper in own]
    return Progress(
        candidates=len(own),
        included=verdicts.count("include"),
        maybe=verdicts.count("maybe"),
        excluded=verdicts.count("exclude"),
        bound=recall_bound([verdict != "exclude" for verdict in verdicts], len(own)),
    )
