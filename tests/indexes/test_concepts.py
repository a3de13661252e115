from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexes.concepts import WORD_PIECES, Concepts, key, phrases

CONCEPTS = Concepts(["language model", "large language model", "query expansion"])


def test_a_concept_within_another_counts_too() -> None:
    found = CONCEPTS.find("Large language models: a language model for query expansion")
    assert found == {WORD_PIECES: 2, WORD_PIECES + 1: 1, WORD_PIECES + 2: 1}
    assert CONCEPTS.name(WORD_PIECES + 1) == "large language model"


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    CONCEPTS.write(tmp_path / "concepts.txt")
    assert Concepts.read(tmp_path / "concepts.txt").names == CONCEPTS.names
    Concepts([]).write(tmp_path / "empty.txt")
    assert Concepts.read(tmp_path / "empty.txt").names == ()
    assert not Concepts([]).find("query expansion")


def test_a_phrase_with_a_stop_word_is_no_concept() -> None:
    assert key("state of the art") == ()
    assert key("query expansions") == key("Query Expansion")
    assert [phrase for _, phrase, _ in phrases("expansion of queries by models")] == []


@given(st.text())
def test_any_text_can_be_searched_for_concepts(text: str) -> None:
    assert set(CONCEPTS.find(text)) <= {WORD_PIECES, WORD_PIECES + 1, WORD_PIECES + 2}
    assert CONCEPTS.find(f"query expansion. {text}")[WORD_PIECES + 2] >= 1
