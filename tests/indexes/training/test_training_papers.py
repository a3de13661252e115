import json
import lzma
from pathlib import Path

import pytest
import toy_joint

from indexes.concepts import Concepts, key
from indexes.errors import HintedError
from indexes.training.mine import mine_concepts
from indexes.training.papers import TrainingPaper, draw_papers, kept_papers, training_paper, write_papers

LONG = "Sparse retrieval matches words of queries and papers. " * 7


def paper(**fields: object) -> TrainingPaper | None:
    return training_paper({"title": "Query expansion for papers", "abstract": LONG, **fields}, "k")


def test_the_conclusion_is_no_part_of_the_document() -> None:
    last = "We conclude that query expansion helps where words are few."
    found = paper(abstract=f"{LONG}{last}", keywords=["a b", "c d", "e f", "g h"])
    assert found is not None
    assert found.conclusion == last
    assert last not in found.document
    assert found.abstract == f"{LONG}{last}"
    title, conclusion, keyphrases = found.queries
    assert (title, conclusion) == (found.title, last)
    assert len(keyphrases.split()) == 6
    assert found.queries == found.queries


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"title": None}, {"abstract": "Short."}, {"abstract": None}]
)
def test_a_paper_that_says_too_little_is_left_out(fields: dict[str, object]) -> None:
    assert paper(**fields) is None


@pytest.mark.parametrize(
    "fields", [{"keywords": "one two; three"}, {"metadata": {"mesh": ["one two", "three"]}}]
)
def test_keywords_are_read_in_the_forms_they_come_in(fields: dict[str, object]) -> None:
    found = paper(**fields)
    assert found is not None
    assert found.keyphrases == ("one two", "three")


@pytest.mark.parametrize(
    "line", ["{", "[]", "nonsense", json.dumps({"title": LONG, "text": LONG, "metadata": 3})]
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    file = toy_joint.write_records(tmp_path / "papers.jsonl", 3)
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")
    with pytest.raises(HintedError, match=r"papers\.jsonl:5 is no paper"):
        draw_papers([file], 10)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", b"\xff\xfe\xff"), ("b.jsonl.xz", b"nothing packed")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(HintedError, match=name):
            draw_papers([tmp_path / name], 10)


def test_papers_are_drawn_from_each_file_and_the_rest_is_kept_apart(tmp_path: Path) -> None:
    large = toy_joint.write_records(tmp_path / "large.jsonl", 50)
    small = tmp_path / "small.jsonl.xz"
    some = ({**each, "id": f"s{number}"} for number, each in enumerate(toy_joint.records(5, seed=1)))
    small.write_bytes(lzma.compress("".join(json.dumps(each) + "\n" for each in some).encode()))
    drawn = draw_papers([large, small], 20, seed=3)
    keys = [each.key for each in drawn.papers]
    assert drawn.counts == (50, 5)
    assert len(keys) == 20
    assert sum(each.startswith("s") for each in keys) == 5
    assert len(set(keys) | {each.key for each in drawn.rest}) == 55
    assert draw_papers([large, small], 20, seed=3) == drawn
    assert draw_papers([large, small], 20, seed=4).papers != drawn.papers


def test_kept_papers_are_those_that_were_written(tmp_path: Path) -> None:
    papers = draw_papers([toy_joint.write_records(tmp_path / "papers.jsonl", 9)], 9).papers
    write_papers(papers, tmp_path / "kept.jsonl")
    assert kept_papers(tmp_path / "kept.jsonl") == papers


def titled(number: int, title: str, *keyphrases: str) -> TrainingPaper:
    return TrainingPaper(str(number), title, "", "", keyphrases)


def test_phrases_whose_words_belong_together_are_concepts() -> None:
    others = [titled(n, f"graph topic{n} colour") for n in range(60)]
    papers = [*others, *(titled(n, f"About neural networks in field{n}") for n in range(20))]
    mined = mine_concepts(papers, 10)
    assert mined.names == ("neural networks",)


def test_authors_keyphrases_are_concepts_and_written_as_most_write_them() -> None:
    papers = [titled(n, "Some other matter", "Query expansions") for n in range(4)]
    papers += [titled(n, "Some other matter", "Query expansion", "x1y", "state of the art") for n in range(9)]
    assert mine_concepts(papers, 10).names == ("query expansion",)
    assert mine_concepts(papers, 0).names == ()
    assert mine_concepts(papers[:4], 10).names == ()
    assert mine_concepts(papers[:4], 10, least=(12, 3)).names == ("query expansions",)


def test_what_is_mined_is_found_in_titles(tmp_path: Path) -> None:
    papers = draw_papers([toy_joint.write_records(tmp_path / "papers.jsonl", 300)], 300).papers
    mined = mine_concepts(papers, 100)
    assert mined.names
    assert len({key(name) for name in mined.names}) == len(mined.names)
    assert isinstance(mined, Concepts)
    assert sum(bool(mined.find(each.title)) for each in papers) > 200
