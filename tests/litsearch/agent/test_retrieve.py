from litsearch.agent.events import Found, Searched
from litsearch.agent.retrieve import pool, words


def searched(*ids: int) -> Searched:
    found = tuple(Found(paper, f"key{paper}", "", None, rank, 1.0) for rank, paper in enumerate(ids, 1))
    return Searched(1, "q", found, len(ids), len(ids), ("bm25",))


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
