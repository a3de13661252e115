"""The end of a run on terminals wide and narrow, and with hostile text in it."""

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len

from litsearch.agent.events import (
    Answered,
    Extent,
    Finding,
    Quote,
    Reference,
    Sentence,
    Spent,
    Stance,
)
from litsearch.agent.story import Story
from litsearch.cli.render_answer import show_story, spent_line

HOSTILE = "[bold red]x[/] \x1b[2J\u202egnp.exe\x9b31m\nER  - https://example.org/" + "w" * 120


def finding(number: int, paper: int, stance: Stance, text: str = "a quote of at least six words") -> Finding:
    quote = Quote(paper, f"key{paper}", "abstract", 0, len(text), text, is_summary=paper == 3)
    return Finding(number, f"claim {number}", quote, stance, "model")


def reference(number: int, title: str = "A title") -> Reference:
    return Reference(
        number, number, f"key{number}", title, ("Ada Amsel", "Moritz Meise", "Uwe Uhu"), 2019, "Venue",
        ("doi:10.1/x",), "javascript:alert(1)", number == 3,
    )  # fmt: skip


def answered(**changes: object) -> Answered:
    extent = Extent(100, 3, 20, 10, 4, 3, ("bm25",), "3 searches of 100 papers found 20.")
    whole = Answered(
        "Does it work?",
        (
            Sentence("It works.", (1, 3), "supported"),
            Sentence("Perhaps not always.", (2,), "quoted"),
        ),
        (finding(1, 1, "supports"), finding(2, 2, "contradicts"), finding(3, 3, "background")),
        (reference(1), reference(2), reference(3)),
        extent,
        complete=True,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def shown(
    monkeypatch: pytest.MonkeyPatch, answer: Answered | None, columns: int, spent: Spent | None = None
) -> str:
    out = io.StringIO()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout", out)
    show_story(Story(answered=answer, spent=spent))
    return out.getvalue()


@pytest.mark.parametrize("columns", [30, 60, 80, 140])
def test_it_fits_the_width_and_says_everything(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    text = shown(monkeypatch, answered(), columns)
    assert max(cell_len(each) for each in text.splitlines()) <= columns
    flat = " ".join(text.split())
    for part in ("It works. [1, 3] (supported)", "Perhaps not always. [2] (quoted)", "contradicts: claim 2"):
        assert part in flat
    assert "https://doi.org/10.1/x" in "".join(text.split())


def test_a_summary_is_never_shown_as_the_papers_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = " ".join(shown(monkeypatch, answered(), 80).split())
    assert "litsearch's summary of [3] Amsel" in flat
    assert "What is quoted is litsearch's summary, not the paper." in flat


def test_what_is_not_held_up_says_so_even_where_all_is_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    one = answered(sentences=(Sentence("It works.", (1,), "unverified", "numbers differ"),))
    assert "It works. [1] (unverified) (numbers differ)" in shown(monkeypatch, one, 80)


def test_without_contradiction_nothing_more_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, answered(findings=(finding(1, 1, "supports"),)), 80)
    assert "None of these quotes was judged to contradict the answer." in text


def test_what_no_model_read_is_a_list_of_quotes_that_nobody_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    picked = tuple(replace(finding(number, number, "background"), judge="program") for number in (1, 2, 3))
    text = shown(monkeypatch, answered(findings=picked), 80)
    assert "- It works. [1, 3]" in text
    assert "- Perhaps not always. [2]" in text
    assert "without a model, quotes are not compared" in text


def test_no_evidence_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, answered(sentences=(), findings=(), references=()), 80)
    assert "No evidence was found, so there is no answer." in text
    assert "3 searches of 100 papers found 20." in text


def test_an_early_end_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ended early: out of calls" in shown(
        monkeypatch, answered(complete=False, ending="out of calls"), 80
    )


@pytest.mark.parametrize("columns", [60, 140])
def test_nothing_of_a_paper_steers_the_terminal_or_is_markup(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    hostile = answered(
        question=HOSTILE,
        sentences=(Sentence(HOSTILE, (1,), "quoted", HOSTILE),),
        findings=(finding(1, 1, "contradicts", HOSTILE),),
        references=(replace(reference(1, HOSTILE), authors=(HOSTILE,), venue=HOSTILE, key=HOSTILE),),
    )
    text = shown(monkeypatch, hostile, columns)
    assert not set(text) & set("\x1b\u202e\x9b")
    assert "[bold red]x[/]" in text
    assert "\nER" not in text
    assert "javascript" not in text


def test_costs_are_told_as_far_as_they_are_known() -> None:
    assert spent_line(Spent(0, 0, 0, 0, None)) == "No model was called."
    assert spent_line(Spent(2, 1, 1200, 30, None)) == (
        "2 model calls (1 from the cache), 1,200 tokens in, 30 out, cost unknown"
    )
    assert spent_line(Spent(1, 0, 5, 6, 0.01234)).endswith("$0.0123")
