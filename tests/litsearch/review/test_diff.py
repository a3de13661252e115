"""What changed between two folders of reviews, as values and on the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command import Cli
from hypothesis import given
from hypothesis import strategies as st
from made_reviews import answered, later, made, stored

from litsearch.errors import RunError
from litsearch.review import outputs
from litsearch.review.diff import diff, sentences
from litsearch.review.outputs.reading import Said
from litsearch.review.result import QuestionResult, ReviewResult


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    return Cli(tmp_path, capsys, monkeypatch)


def changed() -> ReviewResult:
    """The made-up review a month later: a new paper, one verdict and one cell changed, both answers too."""
    first = made()
    newcomer = stored(9, title="9 new")
    [q1, q2] = first.questions
    assert q1.answered
    begun = q1.answered.sentences[0]
    reworded = replace(begun, text="plain words, often.")
    new_answer = replace(
        q1.answered,
        sentences=(reworded,),
        findings=(replace(q1.answered.findings[0], stance="mixed"), *q1.answered.findings[1:3]),
    )
    return replace(
        later(first),
        papers=(*first.papers[:5], newcomer),
        screened=(*first.screened[:5], replace(first.screened[5], verdict="include")),
        extracted=(
            replace(first.extracted[0], cells=(replace(first.extracted[0].cells[0], value=11),)),
            *first.extracted[1:],
        ),
        questions=(
            replace(q1, answered=new_answer),
            QuestionResult("q2", q2.question, "run-9", answered("", [newcomer])),
        ),
        manifest=replace(later(first).manifest, revision=8),
    )


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    before, after = tmp_path / "before", tmp_path / "after"
    outputs.write(made(), before)
    outputs.write(changed(), after)
    return before, after


def test_every_kind_of_change_is_found(folders: tuple[Path, Path]) -> None:
    found = diff(*folders)
    assert (found.before, found.after) == ("review-abcd", "review-efgh")
    assert [(each.name, each.before, each.after) for each in found.made_with] == [("revision", "7", "8")]
    assert found.papers_added == (("amsel2009", "9 new"),)
    assert found.papers_gone == (("amsel2006", "6 plain words"),)
    assert [(each.name, each.before, each.after) for each in found.verdicts] == [
        ("amsel2006", "exclude", "include")
    ]
    assert [(each.name, each.before, each.after) for each in found.cells] == [
        ("amsel2001, sample size", "10", "11")
    ]
    assert found.spent is not None
    q1, q2 = found.answers
    rewording, gone = q1.sentences
    assert rewording.before is not None
    assert (rewording.before.text, rewording.after and rewording.after.text) == (
        "plain words.",
        "plain words, often.",
    )
    assert gone.after is None
    assert [(each.name, each.before, each.after) for each in q1.stances] == [
        ("amsel2001", "supports", "mixed")
    ]
    assert (q1.quotes_added, q1.quotes_gone) == (0, 1)
    assert (q2.error_before, q2.error_after) == ("the server is gone", "")
    assert [each.before for each in q2.sentences] == [None, None]


def test_another_day_is_no_change(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path / "one")
    outputs.write(later(made()), tmp_path / "other")
    assert not diff(tmp_path / "one", tmp_path / "other")
    assert not diff(tmp_path / "one", tmp_path / "one").spent


def test_a_changed_protocol_is_shown_line_by_line(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path / "one")
    other = replace(made(), protocol=replace(made().protocol, seed=4))
    outputs.write(other, tmp_path / "other")
    assert diff(tmp_path / "one", tmp_path / "other").protocol == ("-seed = 3", "+seed = 4")


def test_the_command_says_it_in_words_and_as_json(cli: Cli, folders: tuple[Path, Path]) -> None:
    shown = cli("review", "diff", *folders)
    assert shown.status == 0
    for words in (
        "Papers: 1 in, 1 out",
        "+ amsel2009  9 new",
        "amsel2006: exclude -> include",
        "- plain words. [amsel2001] (supported)",
        "+ plain words, often. [amsel2001] (supported)",
        "the server is gone -> answered",
        "amsel2001, sample size: 10 -> 11",
        "revision: 7 -> 8",
        "Spent: 12 calls, 1,200 tokens, $0.0100 -> 0 calls, 0 tokens, $0.0000",
    ):
        assert words in shown.out
    values = json.loads(cli("review", "diff", "--json", *folders).out)
    assert values["verdicts"] == [{"name": "amsel2006", "before": "exclude", "after": "include"}]
    assert "Nothing changed" in cli("review", "diff", folders[0], folders[0]).out


@pytest.mark.parametrize("spoilt", ["manifest.json", "answers.jsonl", "screening.csv"])
def test_what_is_no_folder_of_a_review_is_told(spoilt: str, cli: Cli, folders: tuple[Path, Path]) -> None:
    (folders[1] / spoilt).unlink()
    with pytest.raises(RunError, match=spoilt):
        diff(*folders)
    (folders[1] / spoilt).write_text('{"a": \n', "utf-8")
    shown = cli("review", "diff", *folders)
    assert shown.status == 2
    assert "Traceback" not in shown.err


said = st.builds(
    Said,
    st.text("abc .", min_size=1, max_size=12),
    st.sampled_from(["quoted", "supported"]),
    st.tuples(st.sampled_from(["a", "b"])),
)
answers = st.lists(said, max_size=5, unique=True)


@given(answers, answers)
def test_changes_lead_from_one_answer_to_the_other(before: list[Said], after: list[Said]) -> None:
    changes = sentences(before, after)
    gone = [change.before for change in changes if change.before]
    new = [change.after for change in changes if change.after]
    assert [each for each in after if each not in before] == new
    assert sorted(map(str, gone)) == sorted(str(each) for each in before if each not in after)
