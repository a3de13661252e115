"""What the stages of one run share: the question with its library, what is known so far, and who reads."""

from litsearch.agent.attempts import Attempts, Emit
from litsearch.agent.inquiry import Inquiry, Reader
from litsearch.agent.state import State
from litsearch.papers import StoredPaper


class Course:
    """One question on its way. ``reader`` is the model that reads; None where there is none, or no more."""

    def __init__(self, inquiry: Inquiry, state: State, emit: Emit) -> None:
        self.inquiry = inquiry
        self.state = state
        self.emit = emit
        self.steps = Attempts(emit)
        self.reader: Reader | None = inquiry.reader

    @property
    def question(self) -> str:
        """What papers are searched and read for."""
        return self.inquiry.question

    async def papers_of_findings(self) -> dict[int, StoredPaper]:
        """The papers that are quoted, by id."""
        ids = dict.fromkeys(finding.quote.id for finding in self.state.findings)
        return {stored.id: stored for stored in await self.inquiry.papers(ids)}

    async def spent(self) -> None:
        """Say what the model has cost so far, where there is one."""
        if self.inquiry.reader:
            await self.emit(self.inquiry.reader.budget.spent())
