import pytest
from shelf import Shelf, of

from litsearch.agent.events import Answered, Planned, Searched
from litsearch.agent.venues import asked_venue, called
from litsearch.papers import Paper

VENUES = (
    "Nature",
    "Nature Medicine",
    "Science",
    "Transactions of the ACL",
    "Proceedings of the 58th Annual Meeting of the Association for Computational Linguistics",
    "Proceedings of the 11th Joint Conference of the Association for Computational Linguistics (Long Papers)",
    "Conference on Neural Information Processing Systems",
    "The Lancet",
)


@pytest.fixture
def venues(empty_shelf: Shelf) -> Shelf:
    empty_shelf.add(*(Paper(f"Paper {n} on coffee", venue=venue) for n, venue in enumerate(VENUES)))
    return empty_shelf


@pytest.mark.parametrize(
    ("question", "about", "found"),
    [
        ("What helps against sleep, published in Nature?", "What helps against sleep?", VENUES[:1]),
        ("How is coffee judged in ACL papers?", "How is coffee judged?", (VENUES[5], VENUES[4], VENUES[3])),
        ("Do ACL papers judge coffee?", "Do judge coffee?", (VENUES[5], VENUES[4], VENUES[3])),
        ("Coffee studies published in the Lancet since 2020", "Coffee studies since 2020", VENUES[7:]),
        ("Coffee and sleep published in Nature or Science", "Coffee and sleep", (VENUES[0], VENUES[2])),
        ("Coffee published in Nature in Europe", "Coffee in Europe", VENUES[:1]),
        ("Coffee at Neural Information Processing Systems papers", "Coffee", VENUES[6:7]),
    ],
)
def test_venues_that_are_asked_for(venues: Shelf, question: str, about: str, found: tuple[str, ...]) -> None:
    asked = asked_venue(question, venues.library)
    assert asked is not None
    assert (asked.about, asked.venues) == (about, found)


@pytest.mark.parametrize(
    "question",
    [
        "Does nature help against stress?",
        "How do BERT papers treat coffee?",
        "Was coffee published in Cell?",
        "Coffee in medicine papers",
        "Published in Nature?",
        "Coffee in Nature and its causes",
    ],
)
def test_other_words_are_words(venues: Shelf, question: str) -> None:
    assert asked_venue(question, venues.library) is None


def test_each_of_several_names_must_be_known() -> None:
    assert called("Nature and Cell", VENUES) == ()
    assert called("NAACL", VENUES) == ()


def test_a_venue_in_a_question_is_a_filter(empty_shelf: Shelf) -> None:
    text = "Query expansion improved sparse retrieval in all of our tests."
    empty_shelf.add(
        Paper("On query expansion", text, venue="Nature", year=2019, key="in"),
        Paper("More on query expansion", text, venue="Science", year=2020, key="out"),
    )
    events = empty_shelf.ask("Does query expansion improve sparse retrieval, published in Nature?")
    assert [note.text for note in of(Planned, events)[0].notes] == ["papers in Nature"]
    assert {found.key for search in of(Searched, events) for found in search.found} == {"in"}
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert "The question asks for papers in Nature." in answered.extent.statement


def test_what_nothing_meets_is_let_go_and_said(empty_shelf: Shelf) -> None:
    text = "Query expansion improved sparse retrieval in all of our tests."
    empty_shelf.add(
        Paper("On query expansion", text, venue="Science", year=2019, key="there"),
        Paper("On bees", "Bees dance.", venue="Nature", year=2019),
    )
    question = "Does query expansion improve sparse retrieval, published in Nature since {}?"
    events = empty_shelf.ask(question.format(2018))
    [years, venue] = of(Planned, events)[0].notes
    assert years.text == "papers of 2018 and later"
    assert venue.text.startswith("papers in Nature, which nothing on it meets")
    assert {found.key for search in of(Searched, events) for found in search.found} == {"there"}
    [years, venue] = of(Planned, empty_shelf.ask(question.format(2025)))[0].notes
    assert "which nothing on it meets" in years.text
    assert "which nothing on it meets" in venue.text
