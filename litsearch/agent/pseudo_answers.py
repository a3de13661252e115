"""Supposed answers as queries (HyDE, Gao et al. 2022; query2doc, Wang et al. 2023): they are like the papers
that answer a question where the question itself is not. They never take the place of the question."""

from collections import Counter

from indexes.analysis import is_stop_word, words
from indexes.types import MatchedTerm
from litsearch.agent.events import PlannedQuery
from litsearch.agent.expand import SUPPOSED
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import PseudoAnswersReply

_LONGEST = 600  # characters of one that are used
_TERMS = 30  # words of one that are added to the question's
_WEIGHT = 0.2  # of each, where a word of the question has 1.0: query2doc counts the question five times


async def pseudo_answers(reader: Reader, question: str, number: int) -> list[PlannedQuery]:
    """Supposed answers, each a query. Raises ModelError and BudgetError."""
    wanted = f"{number} passages" if number > 1 else "one passage"
    reply = await reader.ask(
        "pseudo_answers", PseudoAnswersReply, step="plan", question=question, number=wanted
    )
    texts = dict.fromkeys(" ".join(text.split())[:_LONGEST] for text in reply.answers)
    return [PlannedQuery(text, SUPPOSED) for text in texts if text][:number]


def expansion(question: str, answer: str) -> tuple[MatchedTerm, ...]:
    """Words that a supposed answer adds to the question's, for the legs that match words."""
    asked = set(words(question))
    counts = Counter(word for word in words(answer) if word not in asked and not is_stop_word(word))
    frequent = [word for word, _ in counts.most_common() if not word.isdigit()]
    return tuple(MatchedTerm(word, _WEIGHT) for word in frequent[:_TERMS])
