import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from litsearch.cli.screen import line, plural, safe


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    left = safe(text)
    assert not [c for c in left if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]
    assert not set(left) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    left.encode("utf-8")


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_letters_of_every_script_stay(text: str) -> None:
    assert safe(text) == text


def test_joiners_of_scripts_stay() -> None:
    assert safe("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


def test_a_line_is_one_line() -> None:
    assert line(" a\r\nb\tc\u2028d ") == "a b cd"


def test_counts_agree_with_their_nouns() -> None:
    assert plural(1, "paper") == "1 paper"
    assert plural(1234, "query", "queries") == "1,234 queries"
