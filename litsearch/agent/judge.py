"""How relevant a paper is to the question, by a model that reads its title and abstract."""

from litsearch.agent.events import Judged
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import JudgeReply
from litsearch.papers import StoredPaper


async def judge(reader: Reader, question: str, stored: StoredPaper) -> Judged:
    """Relevance from 0 to 3 with a reason. Raises ModelError and BudgetError."""
    reply = await reader.ask("judge", JudgeReply, step="judge", question=question, paper=reader.paper(stored))
    reason = " ".join(reply.reason.split())
    return Judged(stored.id, stored.key, stored.paper.title, reply.relevance, reason, "model")
