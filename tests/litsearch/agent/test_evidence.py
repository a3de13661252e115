from indexes.types import Span
from litsearch.agent import evidence
from litsearch.agent.evidence import MOST_OF_ONE, MOST_PASSAGES, Passage
from litsearch.agent.subject import Subject
from litsearch.papers import Paper, StoredPaper

SUBJECT = Subject(
    shares={"queri": 0.2, "expans": 0.4, "dens": 0.4},
    words={"queri": "query", "expans": "expansion", "dens": "dense"},
    pairs={("queri", "expans"): 0.5, ("expans", "dens"): 0.5},
    topics=frozenset({"expans"}),
)


def stored(abstract: str, number: int = 1) -> StoredPaper:
    return StoredPaper(number, f"key{number}", Paper("A title", abstract))


def one(text: str, *, place: float = 0.5, leans: bool = False) -> Passage:
    return Passage(stored(text), Span(0, len(text)), place, leans)


def texts(abstract: str) -> list[str]:
    return [passage.text for passage in evidence.passages(stored(abstract))]


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it() -> None:
    abstract = "Feedback adds terms to the query of a user. It is an old form of query expansion."
    assert texts(abstract) == ["Feedback adds terms to the query of a user.", abstract]


def test_what_leans_may_begin_otherwise_and_this_paper_leans_on_nothing() -> None:
    first = "Feedback adds terms to the query of a user."
    assert texts(f"{first} We show that this trend holds for many models.")[1].startswith(first)
    assert not texts(f"{first} This paper looks at feedback in many models.")[1].startswith(first)


def test_a_leaning_sentence_with_nothing_before_it_stays_alone() -> None:
    assert texts("It is an old form of query expansion.") == ["It is an old form of query expansion."]


def test_a_pair_that_would_be_too_long_is_not_made() -> None:
    long = " ".join(["word"] * 85)
    assert texts(f"{long}. It is an old form of query expansion.") == [
        f"{long}.",
        "It is an old form of query expansion.",
    ]


def test_sentences_too_short_or_too_long_to_quote_are_left_out() -> None:
    assert texts("Too short a sentence. " + " ".join(["Word"] * 91) + ".") == []


def test_a_phrase_counts_more_than_its_words_apart() -> None:
    together = one("a dense index and then query expansion over some five test collections")
    apart = one("a dense graph of each query and then the neighbourhood whose expansion costs time")
    assert evidence.fit(SUBJECT, together, 0.5) > evidence.fit(SUBJECT, apart, 0.5)


def test_results_late_in_an_abstract_come_before_openings() -> None:
    opening = one("query expansion for dense retrieval is a matter of interest", place=0.1)
    result = one("query expansion for dense retrieval improved recall on all sets", place=0.9)
    assert evidence.fit(SUBJECT, result, 0.5) > evidence.fit(SUBJECT, opening, 0.5)


def test_what_needs_its_context_comes_after_what_stands_alone() -> None:
    text = "query expansion for dense retrieval is a matter of interest"
    assert evidence.fit(SUBJECT, one(text), 0.5) > evidence.fit(SUBJECT, one(text, leans=True), 0.5)


def candidates(count: int, papers: int) -> list[Passage]:
    return [
        Passage(stored("x" * 500, n % papers), passage_span(n // papers), 0.5, False) for n in range(count)
    ]


def passage_span(n: int) -> Span:
    return Span(10 * n, 10 * n + 9)


def apart(count: int) -> list[list[float]]:
    return [[float(a == b) for b in range(count)] for a in range(count)]


def test_few_passages_are_chosen_and_few_of_one_paper() -> None:
    many = candidates(30, papers=15)
    assert len(evidence.choose(many, [1.0] * 30, apart(30))) == MOST_PASSAGES
    same = candidates(5, papers=1)
    assert len(evidence.choose(same, [1.0] * 5, apart(5))) == MOST_OF_ONE


def test_what_is_far_worse_than_the_best_is_no_padding() -> None:
    three = candidates(3, papers=3)
    assert evidence.choose(three, [0.2, 1.0, 0.9], apart(3)) == [1, 2]


def test_what_repeats_or_overlaps_another_is_left_out() -> None:
    three = candidates(3, papers=3)
    alike = [[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert evidence.choose(three, [1.0, 0.9, 0.8], alike) == [0, 2]
    whole, part = stored("x" * 50), stored("x" * 50)
    overlapping = [Passage(whole, passage_span(0), 0.5, False), Passage(part, passage_span(0), 0.9, True)]
    assert evidence.choose(overlapping, [1.0, 0.9], apart(2)) == [0]
