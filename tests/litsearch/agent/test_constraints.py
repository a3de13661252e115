import pytest

from indexes.types import Filters
from litsearch.agent.constraints import Constraints, constraints


@pytest.mark.parametrize(
    ("question", "about", "first", "last"),
    [
        ("Does coffee help, since 2020?", "Does coffee help?", 2020, None),
        ("What was found between 2015 and 2018 on coffee?", "What was found on coffee?", 2015, 2018),
        ("Coffee and sleep from 2001 to 2005", "Coffee and sleep", 2001, 2005),
        ("Coffee papers published in 2019", "Coffee papers", 2019, 2019),
        ("Coffee after 2010 and before 2015", "Coffee", 2011, 2014),
        ("Coffee until 1999", "Coffee", None, 1999),
    ],
)
def test_years_that_are_asked_for(question: str, about: str, first: int | None, last: int | None) -> None:
    assert constraints(question) == Constraints(about, first, last)


@pytest.mark.parametrize(
    "question",
    [
        "Did the 2008 crisis change coffee prices?",
        "How good was the TREC 2019 track?",
        "Does coffee help people born in 1990?",
        "Coffee since 2020 and since 2015",
        "Coffee between 2018 and 2015",
        "since 2020?",
    ],
)
def test_years_that_may_mean_something_else_are_words(question: str) -> None:
    assert constraints(question) == Constraints(question)


def test_the_users_own_years_count_more() -> None:
    asked = constraints("Coffee since 2020")
    assert asked.over(Filters()) == Filters(year_from=2020)
    assert asked.over(Filters(year_to=2010)) == Filters(year_to=2010)
    assert str(asked) == "papers of 2020 and later"
