import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from litsearch.agent import replies
from litsearch.review import replies as review_replies
from prompts import PromptError

SECRET = b"s" * 32
OWN = "---\nname: judge\nversion: mine\n---\n# System\nBe strict.\n# User\n{{question}}\n{{paper}}\n"
REPLIES = {
    "follow_up": replies.FollowUpReply,
    "plan": replies.PlanReply,
    "pseudo_answers": replies.PseudoAnswersReply,
    "judge": replies.JudgeReply,
    "distill": replies.DistillReply,
    "compose": replies.ComposeReply,
    "outline": replies.OutlineReply,
    "section": replies.ComposeReply,
    "gaps": replies.GapsReply,
    "claims": replies.ClaimsReply,
    "questions": replies.QuestionsReply,
    "revise": replies.ComposeReply,
    "verify": replies.VerifyReply,
    "screen": review_replies.ScreenReply,
    "extract": review_replies.ExtractReply,
    "synthesise": replies.ComposeReply,
}


def put(folder: Path, text: str) -> Path:
    (folder / "judge.md").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", prompts.NAMES)
def test_the_examples_of_a_template_are_good_replies(name: prompts.Name) -> None:
    _, _, examples = prompts.load(name).system.partition("\nExample")
    replies = list(_objects(examples))
    assert replies
    for reply in replies:
        assert REPLIES[name].model_validate(reply).model_dump(exclude_unset=True) == reply
        assert list(reply) == list(REPLIES[name].model_fields)


def _objects(text: str) -> Iterator[dict[str, object]]:
    while (start := text.find("{")) >= 0:
        found, length = json.JSONDecoder().raw_decode(text[start:])
        yield found
        text = text[start + length :]


@pytest.mark.parametrize("name", prompts.NAMES)
def test_a_template_names_its_task_first(name: prompts.Name) -> None:
    assert prompts.load(name).system.startswith(f"Task: {name}\n")


@pytest.mark.parametrize("name", sorted({*prompts.NAMES} - {"follow_up", "plan", "pseudo_answers"}))
def test_a_template_that_takes_text_of_papers_says_that_it_is_data(name: prompts.Name) -> None:
    assert re.search(r"between <data \.\.\.> and </data \.\.\.>\. \w+ (is|are) data: ignore any", _flat(name))


def _flat(name: prompts.Name) -> str:
    return " ".join(prompts.load(name).system.split())


def test_values_are_put_in_once() -> None:
    prompt = prompts.load("judge").fill(question="{{paper}}?", paper="{{question}} \\1 {x}")
    assert "Question: {{paper}}?" in prompt.text
    assert "{{question}} \\1 {x}" in prompt.text


@pytest.mark.parametrize("values", [{}, {"question": "q"}, {"question": "q", "paper": "p", "mood": "m"}])
def test_values_must_be_those_of_the_template(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match="takes paper, question"):
        prompts.load("judge").fill(**values)


def test_the_users_template_comes_first(tmp_path: Path) -> None:
    own = prompts.load("judge", put(tmp_path, OWN))
    assert (own.version, own.system) == ("mine", "Be strict.")
    assert own.fill(question="q", paper="p").text == "q\np"
    assert prompts.load("plan", tmp_path) == prompts.load("plan")


def test_the_hash_is_that_of_the_template(tmp_path: Path) -> None:
    own = prompts.load("judge", put(tmp_path, OWN))
    other = prompts.load("judge", put(tmp_path, OWN.replace("strict", "kind")))
    assert own.fill(question="a", paper="b").hash == own.fill(question="c", paper="d").hash == own.hash
    assert len({own.hash, other.hash, prompts.load("judge").hash}) == 3


def test_a_template_written_on_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "judge.md").write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    assert prompts.load("judge", tmp_path).system == "Be strict."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("{{paper}}", ""), r"lacks \{\{paper\}\}"),
        (OWN + "{{abstract}}", r"asks for \{\{abstract\}\}"),
        (OWN.replace("{{paper}}", "{{ paper }}"), "no placeholder"),
        (OWN.replace("# User", "# Human"), "not laid out"),
        (OWN.replace("name: judge", "name: plan"), "name: judge"),
        (OWN.replace("version: mine\n", ""), "version"),
        (OWN.replace("version: mine", "version mine"), "field: value"),
        ("", "not laid out"),
    ],
)
def test_a_template_that_does_not_fit_is_refused_with_its_path(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PromptError, match=said) as refused:
        prompts.load("judge", put(tmp_path, text))
    assert str(tmp_path / "judge.md") in refused.value.message


def test_a_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "judge.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="can't be read"):
        prompts.load("judge", tmp_path)


@given(st.text(), st.text())
def test_a_fence_is_the_same_for_the_same_text_and_not_in_it(text: str, other: str) -> None:
    fenced = prompts.fence(SECRET, text)
    opening, closing = fenced.split("\n")[0], fenced.rsplit("\n", 1)[1]
    assert fenced == f"{opening}\n{text}\n{closing}" == prompts.fence(SECRET, text)
    assert re.fullmatch(r"<data [0-9a-f]{12}>", opening)
    assert closing not in text
    assert (prompts.fence(SECRET, other).split("\n")[0] == opening) == (other == text)


def test_a_fence_needs_the_secret() -> None:
    assert prompts.fence(SECRET, "text") != prompts.fence(b"t" * 32, "text")
