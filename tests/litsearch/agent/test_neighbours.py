from dataclasses import replace

from shelf import PAPERS, QUESTION, Shelf, of

from indexes.types import Filters
from litsearch.agent.events import Planned, Searched
from litsearch.agent.expand import CITED, NEAR
from litsearch.agent.neighbours import agreed, citations, knows_citations, near
from litsearch.papers import Identifier, Paper


def ids(shelf: Shelf, *keys: str) -> list[int]:
    found = [shelf.library.paper(key) for key in keys]
    return [paper.id for paper in found if paper]


def test_two_seeds_must_agree() -> None:
    assert agreed([[1, 2, 3], [3, 4], [4, 5, 3]]) == [3, 4]
    assert agreed([[1, 2]]) == []


def test_near_papers_are_like_several_relevant_ones(shelf: Shelf) -> None:
    seeds = ids(shelf, "amsel2019", "birke2021")
    found = near(shelf.index, seeds, Filters())
    assert ids(shelf, "dorn2018")[0] in found
    assert all(legs for legs in found.values())


def test_citations_are_followed_both_ways(empty_shelf: Shelf) -> None:
    cited = replace(PAPERS[0], identifiers=(Identifier("doi", "10.1/cited"),))
    citing = replace(PAPERS[1], references=("doi:10.1/cited", "doi:10.1/elsewhere"))
    empty_shelf.add(cited, citing, PAPERS[2])
    assert knows_citations(empty_shelf.library)
    first, second = ids(empty_shelf, "amsel2019", "birke2021")
    assert citations(empty_shelf.library, [first]) == {second}
    assert citations(empty_shelf.library, [second]) == {first}
    assert citations(empty_shelf.library, [first, second]) == set()


def test_a_run_follows_citations_where_there_are_any(empty_shelf: Shelf) -> None:
    linked = Paper(
        "Retrieval without any of it",
        "It is on sparse retrieval alone, and cites others.",
        key="gans2022",
        references=("doi:10.1/cited",),
    )
    cited = replace(PAPERS[0], identifiers=(Identifier("doi", "10.1/cited"),))
    empty_shelf.add(cited, *PAPERS[1:], linked)
    events = empty_shelf.ask(QUESTION)
    purposes = [query.purpose for planned in of(Planned, events) for query in planned.queries]
    assert NEAR in purposes
    assert CITED in purposes
    [searched] = [each for each in of(Searched, events) if each.purpose == CITED]
    assert "gans2022" in {found.key for found in searched.found}


def test_without_citations_none_are_looked_for(shelf: Shelf) -> None:
    assert not knows_citations(shelf.library)
    purposes = [query.purpose for planned in of(Planned, shelf.ask()) for query in planned.queries]
    assert CITED not in purposes
