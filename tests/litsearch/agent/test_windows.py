from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.quotes import count_words
from litsearch.agent.windows import MOST, windows

TEXT = " ".join(f"This is sentence number {n} of a long text." for n in range(40))


def test_a_short_text_is_one_window() -> None:
    [window] = windows("One sentence. Another one.", 100)
    assert (window.start, window.end) == (0, 26)


def test_neighbouring_sentences_are_always_seen_together() -> None:
    found = [TEXT[window.start : window.end] for window in windows(TEXT, 100)]
    assert len(found) > 1
    for n in range(39):
        assert any(f"number {n} of" in part and f"number {n + 1} of" in part for part in found)


def test_an_empty_text_has_one_empty_window() -> None:
    [window] = windows("", 100)
    assert window.start == window.end


@given(st.text(max_size=600), st.integers(1, 60))
def test_no_window_is_larger_than_asked_but_for_a_word_that_is(text: str, words: int) -> None:
    found = windows(text, words)
    assert 1 <= len(found) <= MOST
    for window in found:
        part = text[window.start : window.end]
        assert count_words(part) <= max(words, 1) + 1 or " " not in part.strip()
