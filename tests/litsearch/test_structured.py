import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.replies import (
    ComposeReply,
    DistillReply,
    FindingReply,
    GapsReply,
    JudgeReply,
    PlanReply,
    VerifyReply,
)
from litsearch.structured import ReplyError, form, parse

words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=40).map(str.strip)
findings = st.lists(
    st.builds(
        FindingReply,
        claim=words,
        quote=words,
        stance=st.sampled_from(["supports", "contradicts", "mixed", "background"]),
    ),
    max_size=4,
)


@given(findings, st.text("abc .,:`\n[]}", max_size=30), st.text("abc .,:`\n[]{}", max_size=30))
def test_json_is_found_whatever_surrounds_it(found: list[FindingReply], before: str, after: str) -> None:
    reply = DistillReply(findings=found)
    assert parse(f"{before}{reply.model_dump_json()}{after}", DistillReply) == reply


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ReplyError):
        assert 0 <= parse(text, JudgeReply).relevance <= 3


@pytest.mark.parametrize(
    "text",
    ["{" * 100_000, "[" * 100_000, '{"a":' * 20_000, "{" + "[" * 50_000, '{"relevance": ' + "9" * 5000],
)
def test_nonsense_of_any_depth_is_refused(text: str) -> None:
    with pytest.raises(ReplyError):
        parse(text, JudgeReply)


def test_the_first_object_that_fits_is_taken() -> None:
    assert parse('{"example": 1} {"relevance": 2} {"relevance": 0}', JudgeReply).relevance == 2


def test_line_breaks_inside_strings_are_taken() -> None:
    assert parse('{"relevance": 1, "reason": "two\nlines"}', JudgeReply).reason == "two\nlines"


def test_thoughts_are_not_the_reply() -> None:
    assert parse('<think>maybe {"relevance": 0}</think>\n{"relevance": 3}', JudgeReply).relevance == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("Relevant.", "no JSON object"),
        ('{"relevance": 2', "damaged"),
        ('{"relevance": "very"}', "relevance"),
        ('{"reason": "x"}', "relevance: Field required"),
        ('{"relevance": -1}', "greater than or equal to 0"),
    ],
)
def test_a_refusal_says_what_to_mend(text: str, said: str) -> None:
    with pytest.raises(ReplyError, match=said):
        parse(text, JudgeReply)


def test_a_stance_may_be_written_in_capitals_but_not_invented() -> None:
    one = {"claim": "c", "quote": "q", "stance": " Supports"}
    assert parse(json.dumps({"findings": [one]}), DistillReply).findings[0].stance == "supports"
    with pytest.raises(ReplyError, match="stance"):
        parse(json.dumps({"findings": [one | {"stance": "agrees"}]}), DistillReply)


def test_the_form_is_one_short_line_for_each_type() -> None:
    assert form(GapsReply) == '{"queries": [{"text": string, "purpose": string}, ...]}'
    assert form(PlanReply).endswith(f", {form(GapsReply)[1:]}")
    assert form(JudgeReply) == '{"reason": string, "relevance": 0 | 1 | 2 | 3}'
    assert form(DistillReply) == (
        '{"findings": [{"quote": string, "claim": string,'
        ' "stance": "supports" | "contradicts" | "mixed" | "background", "population": string,'
        ' "method": string}, ...]}'
    )
    assert form(ComposeReply) == '{"sentences": [{"text": string, "findings": [integer, ...]}, ...]}'
    assert form(VerifyReply) == '{"reason": string, "verdict": "supported" | "not"}'
