"""The query language: what plain text means, what marks mean, and errors that point at the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.errors import QuerySyntaxError
from indexes.querylang import constraints, parse, plain_text, restriction, words
from indexes.querytree import And, Free, Not, Or, Phrase, Prefix, Required, Word, Years


@pytest.mark.parametrize(
    "text",
    [
        "How do transformers work?",
        "don't it's Alzheimer's",
        "C++ versus C#",
        "COVID-19 state-of-the-art",
        "e.g. this, i.e. that",
        "a - b -- c – d",
        "odds of 10:1",
        "what is X: a review",
        "Title: as it was pasted",
        "std::vector https://example.org/a?b=c",
        "temperatures of -5 to +/-3",
        "convolutional networks (CNN) of f(x)",
        "5 > 3 & ~ ^ | \\ / [x] {y}",
        "and or not",
        "a **bold** word and +5 degrees",
        "SENSE AND SENSIBILITY: A NOVEL",
        'We show 1) that A* search is "greedy" -by design- and b) that its "bounds hold (mostly',
        "AND-gates and ORs",
        "Ünïcode 深度学习 ру́сский",
    ],
)
def test_everyday_text_is_free_text(text: str) -> None:
    node = parse(text)
    assert not constraints(node)
    assert restriction(node) is None


def test_plain_text_is_what_was_typed() -> None:
    assert (
        plain_text(parse("How do C++ programs, e.g. games, work?"))
        == "How do C++ programs, e.g. games, work?"
    )


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Free(())),
        ("?!", Free(())),
        ('"deep learning"', Phrase("deep learning")),
        ('"a b"~5', Phrase("a b", 5)),
        ("“deep learning”", Phrase("deep learning")),
        ("trans*", Prefix("trans")),
        ("深*", Prefix("深")),
        ("+a", Required(Word("a"))),
        ("-a", Not(Word("a"))),
        ("-(a OR b)", Not(Or((Word("a"), Word("b"))))),
        ("x AND y OR z", Or((And((Word("x"), Word("y"))), Word("z")))),
        ("x AND (y OR z)", And((Word("x"), Or((Word("y"), Word("z")))))),
        ("x AND NOT y", And((Word("x"), Not(Word("y"))))),
        ("deep nets AND x", And((And((Word("deep"), Word("nets"))), Word("x")))),
        ("what is depth AND x", And((Word("depth"), Word("x")))),
        ('title:"a b"', Phrase("a b", 0, "title")),
        ("title:(x y)", And((Word("x", "title"), Word("y", "title")))),
        ("TITLE:net*", Prefix("net", "title")),
        ("author:O'Brien", Word("O'Brien", "author")),
        ("doi:10.1016/S0140-6736(05)67889-0", Word("10.1016/S0140-6736(05)67889-0", "doi")),
        ("(doi:10.1/x)", Word("10.1/x", "doi")),
        ("https://doi.org/10.1145/3397271.", Word("10.1145/3397271", "doi")),
        ("year:2019", Years(2019, 2019)),
        ("year:2015..2020", Years(2015, 2020)),
        ("year:2015-2020", Years(2015, 2020)),
        ("year:..2020", Years(None, 2020)),
        ("year:>=2019", Years(2019, None)),
        ("year:>2019", Years(2020, None)),
        ("year:<2019", Years(None, 2018)),
        ("year:[2015 TO 2020]", Years(2015, 2020)),
        ("year:{2015 TO *]", Years(2016, None)),
        ("year:(2015 OR 2019)", Or((Years(2015, 2015), Years(2019, 2019)))),
    ],
)
def test_marks(text: str, tree: object) -> None:
    node = parse(text)
    assert (node.nodes[0] if isinstance(node, Free) and len(node.nodes) == 1 else node) == tree


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('deep "learning', 5),
        ("deep (learning", 5),
        ("deep) learning", 4),
        ("deep title: learning", 11),
        ("title:", 6),
        ('title:""', 6),
        ("author:()", 7),
        ("deep *", 5),
        ("deep a*", 5),
        ("title:*", 6),
        ("naïve year:2020..2015", 11),
        ("year:soon", 5),
        ("year:..", 5),
        ("year:[2020 TO 2015]", 5),
        ("cats AND", 5),
        ("OR cats", 0),
        ("cats AND OR dogs", 5),
        ("cats NOT", 5),
        ('"a b"~x', 5),
        ('"a b"~5000', 5),
        ("auther:smith", 0),
        ("x tag:mine", 2),
        ("title:(x author:y)", 9),
        ('one two three four five six seven eight nine ten eleven AND "twelve', 60),
        ("(" * 60 + "x" + ")" * 60, 40),
    ],
)
def test_errors_point_at_the_place_and_say_what_to_do(text: str, position: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert caught.value.position == position
    assert caught.value.query == text
    assert caught.value.hint


def test_what_every_hit_must_meet() -> None:
    assert restriction(parse('words "a phrase" +must more -bad year:2020')) == And(
        (Phrase("a phrase"), Word("must"), Not(Word("bad")), Years(2020, 2020))
    )
    assert restriction(parse("cats OR dogs")) == Or((Word("cats"), Word("dogs")))
    assert restriction(parse("plain (bracketed) words")) is None


def test_encoders_and_highlights_see_neither_operators_nor_what_is_excluded() -> None:
    node = parse('how "deep nets" AND (train* OR title:speed) NOT slow author:Smith year:2020')
    assert plain_text(node) == "deep nets train speed"
    assert words(node) == ("deep nets", "train*", "speed")
    assert words(parse('"near words"~3 COVID-19 深度学')) == ("near", "words", "covid", "19", "深度", "度学")


PIECES = (
    """ " ( ) + - * ~ ~3 : AND OR NOT title: year: doi: 2015 .. [ TO ] >= a 深 word “ ” auther: 10.1000/x ?"""
)
QUERIES = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*PIECES.split(), " ", " ", "\u0301", "\n"]), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join),
)


@given(QUERIES)
def test_any_text_is_a_query_or_a_syntax_error_within_it(text: str) -> None:
    try:
        node = parse(text)
    except QuerySyntaxError as caught:
        error = caught
    else:
        assert plain_text(node) or not words(node)
        assert constraints(node) == (restriction(node) is not None)
        return
    assert 0 <= error.position <= len(text)
    assert error.hint
