import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.types import Span
from litsearch.agent.events import Dropped, Quote
from litsearch.agent.folding import fold
from litsearch.agent.quotes import check_quote, count_words, find_quote
from litsearch.papers import Paper, StoredPaper

TEXT = (
    "We present state-of-the-\nart methods for informa-\ntion retrieval, showing a 12.5\u202f% gain "
    "(p < 0.05) with α-divergence and ﬁne-tuned models — “truly” 10⁻⁵ better. "
    "Pre- and post-processing do not help at all."
)

WORDS = st.sampled_from(
    (
        *(
            "retrieval",
            "dense",
            "sparse",
            "fine-tuned",
            "“quoted”",
            "12.5%",
            "naïve",
            "œuvre",
            "n=5",
            "(p<0.05)",
        ),
        *(
            "off-line",
            "final",
            "efficient",
            "Zürich",
            "model,",
            "index;",
            "1,234",
            "α-divergence",
            "it's",
            "—",
        ),
    )
)
TEXTS = st.lists(WORDS, min_size=8, max_size=40)


def found(text: str, quote: str) -> str | None:
    span = find_quote(text, quote)
    return span and text[span.start : span.end]


@pytest.mark.parametrize(
    ("quote", "stored"),
    [
        (
            "state-of-the-art methods for information retrieval, showing",
            "state-of-the-\nart methods for informa-\ntion retrieval, showing",
        ),
        (
            "present state-of-the- art methods for informa- tion retrieval",
            "present state-of-the-\nart methods for informa-\ntion retrieval",
        ),
        (
            "showing a 12.5% gain (p < 0.05) with $\\alpha$-divergence",
            "showing a 12.5\u202f% gain (p < 0.05) with α-divergence",
        ),
        (
            "α-divergence and fine-tuned models -- ``truly'' 10^{-5} better",
            "α-divergence and ﬁne-tuned models — “truly” 10⁻⁵ better",
        ),
        (
            "\u201cPre\u2010 and post\u2011processing do not\u00a0help at all.\u201d",
            "Pre- and post-processing do not help at all.",
        ),
        ("Pre- and post-processing do not help at.", "Pre- and post-processing do not help at"),
    ],
)
def test_a_quote_is_found_whatever_its_typography(quote: str, stored: str) -> None:
    assert found(TEXT, quote) == stored


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " ",
        "... . '",
        "gain (p < 0.05) with α-divergence",  # five words
        "Methods for information retrieval, showing a 12.5 % gain",  # case
        "methods for information retrieval, showing a 12.6 % gain",
        "methods for image retrieval, showing a 12.5 % gain",
        "methods for information retrieval ... fine-tuned models — truly better",
        "methods for information retrieval, showing […] Pre- and post-processing do not help at all",
        "ethods for information retrieval, showing a 12.5 % gain",
        "methods for information retrieval, showing a 12.5 % gai",
        "models — truly 105 better. Pre- and post-processing",
    ],
)
def test_what_the_text_does_not_say_word_for_word_is_not_found(quote: str) -> None:
    assert find_quote(TEXT, quote) is None


def test_latex_in_the_stored_text_is_seen_through() -> None:
    text = r"Poincar\'{e} and G\"odel show that $\alpha \leq 10^{-3}$ for 5\% of the \emph{hardest} cases."
    assert found(text, "Poincaré and Gödel show that α ≤ 10⁻³ for 5% of the hardest cases") == text[:-1]


def test_text_without_spaces_counts_two_characters_as_a_word() -> None:
    text = "我们提出了一种新的信息检索方法,并在三个数据集上进行了评估。"
    assert found(text, "一种新的信息检索方法,并在三个数据集") == "一种新的信息检索方法,并在三个数据集"
    assert find_quote(text, "信息检索方法") is None


@given(TEXTS, st.data())
def test_any_passage_is_found_under_any_typography(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start, len(words)))
    passage = " ".join(words[start:end])
    if count_words(passage) < 6 or not passage[0].isalnum() or not passage[-1].isalnum():
        return
    mangled = "".join(data.draw(st.sampled_from(variants(character))) for character in passage)
    text = " ".join(words)
    span = find_quote(text, mangled)
    assert span is not None
    assert fold(text[span.start : span.end]).text == fold(passage).text


@given(TEXTS, TEXTS)
def test_a_found_quote_is_a_passage_of_the_text(words: list[str], quote: list[str]) -> None:
    text = " ".join(words)
    span = find_quote(text, " ".join(quote))
    if span is None:
        assert " ".join(quote) not in text or count_words(" ".join(quote)) < 6
    else:
        assert fold(text[span.start : span.end]).text in fold(" ".join(quote)).text


@given(TEXTS, st.data())
def test_a_changed_word_is_never_found(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    changed = [*words[:at], "unheard-of", *words[at + 1 :]]
    assert find_quote(" ".join(words), " ".join(changed)) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_at_all_can_be_compared(text: str, quote: str) -> None:
    span = find_quote(text, quote)
    assert span is None or 0 <= span.start < span.end <= len(text)
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)


def variants(character: str) -> list[str]:
    if character == " ":
        return [" ", "\n", "  ", "\u00a0", "\t"]
    if character in "-—":
        return ["-", "–", "—", "\u2011", "−"]
    if character in "“”'":
        return ['"', "'", "’", "“"]
    return [character, unicodedata.normalize("NFD", character), character + "\u200b"]


def stored(paper: Paper) -> StoredPaper:
    return StoredPaper(id=7, key="doe2020", paper=paper)


def test_a_checked_quote_is_the_stored_text() -> None:
    abstract = "Background.  Learned sparse retrieval\nis as good as dense retrieval here."
    quote = check_quote(stored(Paper("A title", abstract)), "Learned sparse retrieval is as good as dense")
    assert quote == Quote(
        7, "doe2020", "abstract", 13, 57, "Learned sparse retrieval\nis as good as dense", False
    )
    assert abstract[quote.start : quote.end] == quote.text


def test_a_quote_may_come_from_the_title() -> None:
    quote = check_quote(
        stored(Paper("Sparse retrieval is all you ever need", "Short.", is_summary=True)),
        "Sparse retrieval is all you ever need",
    )
    assert isinstance(quote, Quote)
    assert quote.field == "title"
    assert not quote.is_summary


def test_a_quote_from_our_own_summary_says_so() -> None:
    paper = Paper("T", "The authors compare sparse retrieval with dense retrieval.", is_summary=True)
    quote = check_quote(stored(paper), "The authors compare sparse retrieval with dense")
    assert isinstance(quote, Quote)
    assert quote.is_summary


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("Learned sparse retrieval", "fewer than 6 words"),
        ("Learned sparse ... as good as dense retrieval", "joins separate passages"),
        ("The moon is made of green cheese", "not in the text of doe2020"),
    ],
)
def test_a_quote_that_fails_says_why(quote: str, reason: str) -> None:
    checked = check_quote(
        stored(Paper("T", "Learned sparse retrieval is as good as dense retrieval.")), quote
    )
    assert isinstance(checked, Dropped)
    assert reason in checked.reason


def test_offsets_are_characters_of_the_stored_text() -> None:
    assert find_quote("ﬁﬁ one two three four five six.", "one two three four five six") == Span(3, 30)
