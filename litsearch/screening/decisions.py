"""The decisions of a screening: who decided what of a paper, and why. The log is only ever appended to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from litsearch.clock import now
from litsearch.errors import LibraryError
from litsearch.screening.screenings import number_of

if TYPE_CHECKING:
    import sqlite3

    from litsearch.library import Library

Verdict = Literal["include", "maybe", "exclude"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
USER = "user"

# Decisions that were not taken back, each with the paper that its own is by now: one that it was merged into,
# or the one that it is since it went with its import and was added again.
_STANDING = (
    "SELECT coalesce(p.merged_into, p.id), d.id, d.verdict, d.reason, d.by, d.at FROM decisions d"
    " LEFT JOIN departed g ON g.paper = d.paper JOIN papers p ON p.id = coalesce(g.returned, d.paper)"
    " WHERE d.screening = ? AND d.verdict IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM decisions WHERE takes_back = d.id) ORDER BY d.id"
)

_THERE = "SELECT 1 FROM papers WHERE id = ? AND (live OR merged_into IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a paper; ``by`` is "user" or the name of a model."""

    paper: int
    verdict: Verdict
    reason: str
    by: str
    at: str  # ISO 8601, UTC


class Decisions:
    """The decisions of one screening. Of several on a paper the newest counts.

    A decision on a paper that was merged into another counts for that one, for as long as they are one; those
    on papers in the trash wait there with them. So do those on papers that went with their import, until
    these are added again.
    """

    def __init__(self, library: "Library", screening: str) -> None:
        """Raises LibraryError where there is no such screening."""
        self._library = library
        with library.snapshot() as reader:
            self._screening = number_of(reader, screening)

    def decide(self, paper: int, verdict: Verdict, reason: str = "", by: str = USER) -> None:
        """Raises LibraryError where the paper is not in the library."""
        self.decide_all({paper: (verdict, reason)}, by)

    def decide_all(self, verdicts: Mapping[int, tuple[Verdict, str]], by: str = USER) -> None:
        """Verdict and reason of each paper, all of them in one transaction."""
        rows = [
            (self._screening, paper, verdict, reason.strip(), by, now())
            for paper, (verdict, reason) in verdicts.items()
        ]
        with self._library.transaction() as writer:
            for paper in verdicts:
                if not writer.execute(_THERE, (paper,)).fetchone():
                    raise LibraryError(f"No paper of the library has the number {paper}.", "It was removed.")
            writer.executemany(
                "INSERT INTO decisions (screening, paper, verdict, reason, by, at) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )

    def undo(self) -> Decision | None:
        """Take back the user's last decision that stands, and return it; what was decided before it counts
        again. None where there is none."""
        with self._library.transaction() as writer:
            last = [row for row in writer.execute(_STANDING, (self._screening,)) if row[4] == USER][-1:]
            for paper, number, verdict, reason, by, at in last:
                writer.execute(
                    "INSERT INTO decisions (screening, paper, reason, by, at, takes_back)"
                    " VALUES (?, ?, '', ?, ?, ?)",
                    (self._screening, paper, USER, now(), number),
                )
                return Decision(paper, verdict, reason, by, at)
        return None

    def all(self) -> dict[int, Decision]:
        """The decision that counts for each paper of the library, in the order in which papers were first
        decided: that is the order in which they were read."""
        with self._library.snapshot() as reader:
            standing = _standing(reader, self._screening)
        live = self._library.live(list(standing))
        return {paper: decision for paper, decision in standing.items() if paper in live}


def _standing(reader: "sqlite3.Connection", screening: int) -> dict[int, Decision]:
    rows = reader.execute(_STANDING, (screening,))
    return {
        paper: Decision(paper, verdict, reason, by, at) for paper, _, verdict, reason, by, at in rows
    }  # a paper keeps the place of its first decision, and takes the values of its last
