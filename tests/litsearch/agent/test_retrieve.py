from litsearch.agent.events import Found, Searched
from litsearch.agent.expand import ASKED, FEEDBACK
from litsearch.agent.retrieve import HEAD, pool, words


def searched(*ids: int, purpose: str = "", query: str = "q") -> Searched:
    found = tuple(Found(paper, f"key{paper}", "", None, rank, 1.0) for rank, paper in enumerate(ids, 1))
    return Searched(1, query, found, len(ids), len(ids), ("bm25",), purpose)


def test_the_pool_fuses_the_queries() -> None:
    assert pool([searched(1, 2, 3), searched(4, 2), searched(2, 5)]) == [2, 1, 4, 5, 3]


def test_ties_go_by_id() -> None:
    assert pool([searched(9), searched(4)]) == [4, 9]


def test_a_question_loses_what_the_query_language_would_read() -> None:
    question = 'Does "query expansion" (e.g. RM3) help title:x +dense-retrieval NOT BM25* a~2, or isn\'t it?'
    assert (
        words(question)
        == "Does query expansion e.g RM3 help title x dense-retrieval not BM25 a 2 or isn't it"
    )


def test_what_the_question_finds_first_stays_in_front() -> None:
    asked = searched(*range(1, 10), purpose=ASKED)
    order = pool([asked, searched(9, 8, purpose=FEEDBACK), searched(9, 8)])
    assert order[:HEAD] == list(range(1, HEAD + 1))
    assert order[HEAD : HEAD + 2] == [9, 8]


def test_feedback_counts_less_than_a_query() -> None:
    assert pool([searched(1, purpose=FEEDBACK), searched(2)]) == [2, 1]


def test_feedback_counts_less_the_more_a_question_says_itself() -> None:
    widened = searched(99, purpose=FEEDBACK)
    others = range(HEAD + 1, 100)  # the question's papers below those that keep their places

    def below(words: int) -> int:
        query = " ".join(f"word{n}" for n in range(words))
        order = pool([searched(*range(1, 91), purpose=ASKED, query=query), widened])
        return sum(paper in others for paper in order[: order.index(99)])

    assert below(5) == below(20) < below(40)
