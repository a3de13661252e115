"""The tables and the flow: each value is where it belongs, and no text can break them."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from made_reviews import made

from litsearch.review.outputs import answers, evidence, extraction, flow, protocol, screening
from litsearch.review.outputs.markup import fit
from litsearch.review.protocol_file import parse
from litsearch.review.result import Flow

HOSTILE = ['=cmd|"/c calc"!A1', "+1", "-1", "@x", 'a,b;\n"c"', "<script>alert(1)</script>", "😀 日本"]
texts = st.text(min_size=1) | st.sampled_from(HOSTILE)


def read(pieces: Iterator[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces), newline="")))


def unguarded(cell: str) -> str:
    return cell.removeprefix("'")


@given(texts)
def test_no_cell_is_a_formula_and_every_text_survives(text: str) -> None:
    result = made(text)
    tables = [evidence.csv(result), extraction.csv(result), screening.csv(result)]
    for row in (row for table in tables for row in read(table)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    if "\r" not in text and "\0" not in text:  # csv reads the one as a newline, and not the other
        decided = read(screening.csv(made(text)))
        assert {unguarded(row["reason"]) for row in decided} == {unguarded(text), f"not a study: {text}"}


def test_evidence_has_every_quote_verbatim_with_its_place() -> None:
    result = made()
    rows, records = read(evidence.csv(result)), [json.loads(line) for line in evidence.jsonl(result)]
    abstracts = {stored.key: stored.paper.abstract for stored in result.papers}
    assert len(rows) == len(records) == 4
    for record in records:
        assert abstracts[record["key"]][record["start"] : record["end"]] == record["quote"]
        assert record["cited"] is True
    assert [(row["question"], row["stance"], row["key"]) for row in rows][:2] == [
        ("q1", "supports", "amsel2001"),
        ("q1", "contradicts", "amsel2002"),
    ]


def test_extraction_has_a_value_its_quote_and_why_there_is_none() -> None:
    [first, *_] = read(extraction.csv(made()))
    assert first["key"] == "amsel2001"
    assert first["sample size"] == "10"
    assert first["sample size: quote"] == "Expansion number 1 helped in all cases."
    assert (first["method"], first["method: note"]) == ("", "not said")


def test_answers_name_the_papers_that_they_cite_and_why_one_failed() -> None:
    good, bad = (json.loads(line) for line in answers.jsonl(made()))
    assert [sentence["keys"] for sentence in good["sentences"]] == [
        ["amsel2001"],
        ["amsel2002", "amsel2003", "amsel2004"],
    ]
    assert (bad["id"], bad["error"], bad["sentences"]) == ("q2", "the server is gone", [])


def test_the_flow_adds_up() -> None:
    counts = json.loads(flow.as_json(Flow((("a", 5), ("b", 7)), 2, 9, (("x", 3), ("y", 1)), 5, 1)))
    assert counts["identification"]["records"] == 12
    assert counts["identification"]["not_screened"] == 1
    assert counts["screening"] == {"screened": 9, "excluded": 4, "by_reason": {"x": 3, "y": 1}}
    assert counts["included"] == 5


def test_many_reasons_are_summed_up() -> None:
    drawn = flow.mermaid(Flow((), 0, 900, tuple((f"reason {n}", 10) for n in range(30)), 600))
    assert "reason 9 (n = 10)" in drawn
    assert "20 more (n = 200)" in drawn


@given(texts)
def test_mermaid_reads_nothing_out_of_others_text(text: str) -> None:
    drawn = flow.mermaid(Flow(((text, 3),), 0, 3, ((text, 1),), 2))
    labels = re.findall(r'^    \w+\["(.*)"\]$', drawn, re.MULTILINE)
    assert len(labels) == 5
    assert len(drawn.splitlines()) == 10
    for label in labels:
        assert not re.search(r'["`<>&]', label.replace("<br/>", ""))
    shown = re.sub(r"#(\d+);", lambda match: chr(int(match[1])), labels[0].replace("<br/>", "\n"))
    assert "".join(fit(text).split()) in "".join(shown.split())


@given(texts)
def test_the_copy_of_the_protocol_reads_as_the_protocol(text: str) -> None:
    given_protocol = made(text).protocol
    copied = protocol.toml(given_protocol)
    assert parse(copied, Path("protocol.toml")) == given_protocol
