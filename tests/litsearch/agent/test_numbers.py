import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.numbers import unsupported_numbers


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Recall rose by 12.5 %.", "recall improved by 12.5% over the baseline"),
        ("Recall rose by 12.5 percent.", "recall improved by 12.5\u202f%"),
        ("It scored 71.5 on the test.", "an accuracy of 71.5%"),
        ("There were 1234 patients.", "in 1,234 patients"),
        ("There were 1,234 patients.", "in 1\u2009234 patients"),
        ("Three systems took part.", "we compare 3 systems"),
        ("It holds for 25 systems.", "we compare twenty-five systems"),
        ("About 1.2 million pages.", "1,200,000 pages"),
        ("It was run on 10k queries.", "on 10,000 queries"),
        ("Between 12% and 15%.", "from 12 to 15% of cases"),
        ("Gains of 3 %, 4 % and 5 %.", "gains of 3, 4 and 5 %"),
        ("Between 10 and 20.", "a range of 10–20 was seen"),
        ("The effect was significant (p<.05).", "the effect (p < 0.05) was"),
        ("The effect was 0.50.", "the effect was .5 in all"),
        ("A fall of 3.2 points.", "a change of −3.2 points"),
        ("A change of -3.2 points.", "a change of −3.2 points"),
        ("At 3e-5 it converges.", "learning rate of 3e-5"),
        ("The error is 10^{-3}.", "an error of 10⁻³"),
        ("No number at all is in one of them.", "nothing"),
        ("The top 10 results suffice.", "using the top-10 results"),
        ("The gain was ٣ points.", "a gain of 3 points"),
        ("GPT-4 beats BM25 [2].", "gpt 4 is better than BM25"),
        ("It reaches nDCG@10 of .71.", "an nDCG@10 of 0.710"),
    ],
)
def test_numbers_that_the_quote_has(sentence: str, quote: str) -> None:
    assert unsupported_numbers(sentence, [quote]) == ()


@pytest.mark.parametrize(
    ("sentence", "quote", "missing"),
    [
        ("Recall rose by 12.6 %.", "recall improved by 12.5%", ("12.6%",)),
        ("Recall rose by 12 %.", "recall improved by 12.4%", ("12%",)),
        ("Recall rose by 50%.", "recall improved on 50 queries", ("50%",)),
        ("Recall rose by 5 percentage points.", "recall improved by 5%", ("5 percentage points",)),
        ("There were 25 systems.", "BM25 is one system", ("25",)),
        ("BM2 wins.", "BM25 wins", ("BM2",)),
        ("GPT-4 wins.", "GPT-3 wins in 4 cases", ("GPT-4",)),
        ("It was not significant (p > 0.05).", "significant (p < 0.05)", ("0.05",)),
        ("A change of -3.2 points.", "a rise of 3.2 points", ("-3.2",)),
        ("Three systems and 40 queries.", "we compare systems", ("40", "Three")),
        ("In 2019 it was shown.", "it was shown", ("2019",)),
        ("Two studies agree.", "they agree", ("Two",)),
        ("It took 1.2 million pages.", "it took 1.2 seconds", ("1.2 million",)),
        ("An error of 105.", "an error of 10⁵", ("105",)),
    ],
)
def test_numbers_that_the_quote_does_not_have(sentence: str, quote: str, missing: tuple[str, ...]) -> None:
    assert sorted(unsupported_numbers(sentence, [quote])) == sorted(missing)


def test_the_year_of_a_cited_paper_needs_no_quote() -> None:
    assert unsupported_numbers("In 2019 it was shown.", ["it was shown"], years=[2019]) == ()
    assert unsupported_numbers("In 2019% of cases.", ["it was shown"], years=[2019]) == ("2019%",)


def test_the_count_of_cited_papers_needs_no_quote() -> None:
    assert unsupported_numbers("Two recent studies agree.", ["they agree"], papers=2) == ()
    assert unsupported_numbers("Two recent methods agree.", ["they agree"], papers=2) == ("Two",)
    assert unsupported_numbers("Three studies agree.", ["they agree"], papers=2) == ("Three",)


def test_a_name_with_digits_may_come_from_the_question() -> None:
    assert unsupported_numbers("BM25 is strong.", ["a strong baseline"], names=["Is BM25 strong?"]) == ()


def test_a_number_may_stand_in_any_of_the_quotes() -> None:
    assert unsupported_numbers("From 3 to 5.", ["it was 3", "it was five"]) == ()


@given(st.text(max_size=200))
def test_a_sentence_is_carried_by_itself(text: str) -> None:
    assert unsupported_numbers(text, [text]) == ()


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_another_number_is_another_number(stated: int, quoted: int) -> None:
    missing = unsupported_numbers(f"There were {stated} cases.", [f"{quoted:,} cases were seen"])
    assert missing == (() if stated == quoted else (str(stated),))
