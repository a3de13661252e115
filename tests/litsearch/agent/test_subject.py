"""What a question is held to be about, and which papers are held to be about it."""

import math

import pytest
from shelf import Shelf, of

from litsearch.agent.events import Answered, Event, Judged
from litsearch.agent.subject import titled, topics, weight
from litsearch.papers import Paper

ASPIRIN = "Does aspirin reduce the risk of colorectal cancer?"
ON_ASPIRIN = Paper(
    "Aspirin and colorectal cancer",
    "Low doses were given for ten years. Aspirin reduced the risk of colorectal cancer by a fifth.",
    key="both2010",
)

CANCER = [
    Paper(
        f"Colorectal cancer in region {n}",
        f"We counted cases in region {n}. The risk of colorectal cancer was reduced where people ate more "
        "fibre. Records were complete.",
        key=f"cancer{n}",
    )
    for n in range(8)
]
PAIN = [
    Paper(
        f"Aspirin against {pain}",
        f"Many people take something for {pain}. Aspirin worked within the hour for most of them.",
        key=f"aspirin{pain.split()[0]}",
    )
    for pain in ("headache", "toothache", "fever", "sore throats", "back pain")
]
RETRIEVAL = [
    Paper(f"Sparse retrieval of {n}", f"Sparse retrieval of {n} is quick and needs no training at all.")
    for n in ("letters", "laws", "news")
] + [
    Paper(f"Dense retrieval of {n}", f"Dense retrieval of {n} takes vectors and a training set of some size.")
    for n in ("emails", "patents", "books")
]
BOTH = Paper(
    "Sparse or dense retrieval of reports",
    "Dense retrieval of reports was no better than sparse retrieval on four of five test sets.",
    key="either2022",
)


def answered(events: list[Event]) -> Answered:
    last = events[-1]
    assert isinstance(last, Answered)
    return last


def quoted(events: list[Event]) -> set[str]:
    return {finding.quote.key for finding in answered(events).findings}


def fillers(count: int) -> list[Paper]:
    return [Paper(f"Report {n} on rivers", f"River {n} is long. It floods in spring.") for n in range(count)]


def test_papers_without_what_a_question_turns_on_are_no_evidence(empty_shelf: Shelf) -> None:
    empty_shelf.add(*CANCER, *PAIN, *fillers(40))
    events = empty_shelf.ask(ASPIRIN)
    assert quoted(events) == set()
    reasons = {judged.key: judged.reason for judged in of(Judged, events)}
    assert "turns on aspirin" in reasons["cancer1"]
    assert "turns on" in reasons["aspirinheadache"]


def test_the_paper_that_has_it_is(empty_shelf: Shelf) -> None:
    empty_shelf.add(*CANCER, *PAIN, *fillers(40), ON_ASPIRIN)
    assert quoted(empty_shelf.ask(ASPIRIN)) == {"both2010"}


@pytest.mark.parametrize(
    "question",
    [
        "Is sparse retrieval competitive with dense retrieval?",
        "Is sparse retrieval as good as dense retrieval?",
    ],
)
def test_the_theme_of_a_small_library_counts_more_than_a_word_it_lacks(
    empty_shelf: Shelf, question: str
) -> None:
    empty_shelf.add(*RETRIEVAL, BOTH)
    assert "either2022" in quoted(empty_shelf.ask(question))


def test_words_that_the_library_lacks_make_a_question_fail(empty_shelf: Shelf) -> None:
    empty_shelf.add(*RETRIEVAL, BOTH)
    for question in ("Which pasta recipe is quick?", "How do sparse eyebrows grow?"):
        assert quoted(empty_shelf.ask(question)) == set()


def test_words_that_meet_in_one_sentence_in_passing_are_no_evidence(empty_shelf: Shelf) -> None:
    opening = "Printers are slow. They need paper and ink. "
    aside = "One of our test pages shows the capital of France in colour."
    empty_shelf.add(Paper("Printing in colour", f"{opening}{aside}", key="aside"), *fillers(20))
    events = empty_shelf.ask("What is the capital of France?")
    assert quoted(events) == set()
    [judged] = [judged for judged in of(Judged, events) if judged.key == "aside"]
    assert judged.relevance == 1
    assert "in one sentence only" in judged.reason


def test_sentences_need_not_repeat_what_their_title_says(empty_shelf: Shelf) -> None:
    text = "Every statement is looked up. A second model finds that half of the citations support nothing."
    empty_shelf.add(
        Paper("Verifying generated text with citations", text, key="titled"),
        *(Paper(f"Generating text {n}", f"Text {n} is generated. Nobody cites it.") for n in range(8)),
        *fillers(20),
    )
    assert quoted(empty_shelf.ask("How are citations of generated text verified by people?")) == {"titled"}


def test_words_of_titles_weigh_more() -> None:
    assert weight(5.0, 9.0, 30, 100) > weight(5.0, 9.0, 1, 100)
    assert weight(5.0, 9.0, 0, 0) > weight(5.0, 9.0, 0, 100), "a new word is taken for an ordinary one"
    assert weight(5.0, 9.0, 1, 1) < weight(5.0, 9.0, 100, 100), "one title tells little"


def test_a_word_that_nearly_all_papers_have_still_weighs_something() -> None:
    assert weight(0.0, math.log(100), 40, 60) > weight(math.log(100), math.log(100), 40, 60) / 10


def test_topics_are_the_most_topical_words_if_any_are() -> None:
    assert topics({"aspirin": 3.2, "colorect": 3.9, "cancer": 2.1}) == {"aspirin", "colorect"}
    assert topics({"compet": titled(0, 0), "verifi": titled(0, 9)}) == frozenset()
    assert topics({}) == frozenset()
