"""What every importer promises whatever the bytes: no crash, one result a record, faults alone."""

import contextlib
import gzip
import lzma
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litsearch.errors import ImportFileError
from litsearch.importers import find_files, open_records, streams, write_rejects
from litsearch.importers.formats import FORMATS
from litsearch.papers import Paper, Rejected

BAD = 1  # which of the three records is the broken one

GOOD = {
    "bibtex": [f"@article{{k{i},\n  title = {{Paper number {i}}},\n  year = 2001\n}}\n\n" for i in range(3)],
    "ris": [f"TY  - JOUR\nTI  - Paper number {i}\nPY  - 2001\nER  - \n\n" for i in range(3)],
    "medline": [f"PMID- {i + 1}\nTI  - Paper number {i}\nDP  - 2001 May\n\n" for i in range(3)],
    "csv": [f'Paper number {i},"Doe, J.; Roe, R.",2001\n' for i in range(3)],
    "tsv": [f"Paper number {i}\tDoe, J.; Roe, R.\t2001\n" for i in range(3)],
    "jsonl": [f'{{"title": "Paper number {i}", "year": 2001}}\n' for i in range(3)],
    "beir": [
        f'{{"_id": "{i}", "title": "Paper number {i}", "text": "", "metadata": {{}}}}\n' for i in range(3)
    ],
    "arxiv": [
        f'{{"id": "2101.0000{i}", "title": "Paper number {i}", "categories": "cs.IR", "versions": []}}\n'
        for i in range(3)
    ],
    "csl-json": [
        f'  {{\n    "id": "{i}",\n    "type": "book",\n    "title": "Paper number {i}",\n'
        f'    "author": [\n      {{\n        "family": "Doe"\n      }}\n    ]\n  }}'
        for i in range(3)
    ],
    "pubmed": [
        f"<PubmedArticle><MedlineCitation><PMID>{i + 1}</PMID><Article><ArticleTitle>Paper number {i}"
        "</ArticleTitle></Article></MedlineCitation></PubmedArticle>\n"
        for i in range(3)
    ],
}
BROKEN = {
    "bibtex": [
        "@article{k1,\n  title = {No comma}\n  year = 2001\n}\n\n",
        "@article{k1,\n  title = {Never closed,\n  year = 2001\n\n",
        '@article{k1, title = "open, year=1}\n\n',
    ],
    "ris": ["TY  - JOUR\nPY  - 2001\n", "TY  - \n"],
    "medline": ["PMID- 2\nAB  - A record without its title.\n\n", "PMID- \n"],
    "csv": [',"Doe, J.",2001\n', "A,B,C,D,E\n", '"Never closed,Doe,2001\n'],
    "tsv": ["\tDoe\t2001\n", "A\tB\tC\tD\n"],
    "jsonl": ['{"title": "Paper\n', "[]\n", '{"year": 2001}\n', "nonsense\n"],
    "beir": ['{"_id": "1", "title": "", "text": ""}\n', '{"_id": "1",\n', "12\n"],
    "arxiv": ['{"id": "2101.00001", "title": null}\n', "{\n"],
    "csl-json": [
        '  {\n    "id": "1",\n    "title": "Never closed\n  }',
        '  {\n    "id": "1",\n    "author": [\n      {\n        "family": "Doe"\n      }\n',
        '  {\n    "id": "1"\n  }',
    ],
    "pubmed": [
        "<PubmedArticle><MedlineCitation><PMID>2</PMID>\n",
        "<PubmedArticle><MedlineCitation></Wrong></PubmedArticle>\n",
        "<PubmedArticle>&undefined;</PubmedArticle>\n",
    ],
}
HEADS = {
    "csv": "Title,Authors,Year\n",
    "tsv": "Title\tAuthors\tYear\n",
    "csl-json": "[\n",
    "pubmed": '<?xml version="1.0"?>\n<PubmedArticleSet>\n',
}
TAILS = {"csl-json": "\n]\n", "pubmed": "</PubmedArticleSet>\n"}


def document(name: str, records: list[str]) -> str:
    separator = ",\n" if name == "csl-json" else ""
    return HEADS.get(name, "") + separator.join(records) + TAILS.get(name, "")


def read(path: Path, name: str | None = None) -> list[Paper | Rejected]:
    return list(open_records(path, format=name).records)


def outcome(records: list[Paper | Rejected]) -> list[str]:
    return [record.title if isinstance(record, Paper) else "rejected" for record in records]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_told_by_its_content_and_not_by_its_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_text(document(name, GOOD[name]))
    file = open_records(path)
    assert file.format == name
    assert outcome(list(file.records)) == [f"Paper number {i}" for i in range(3)]


@pytest.mark.parametrize(("name", "bad"), [(name, bad) for name in FORMATS for bad in BROKEN[name]])
def test_a_bad_record_costs_itself_alone(name: str, bad: str, tmp_path: Path) -> None:
    good = GOOD[name]
    path = tmp_path / "records"
    path.write_text(document(name, [good[0], bad, good[2]]))
    records = read(path, name)
    assert outcome(records) == ["Paper number 0", "rejected", "Paper number 2"]
    rejected = records[BAD]
    assert isinstance(rejected, Rejected)
    assert rejected.number == 2
    assert rejected.reason
    assert bad.strip() in rejected.raw
    lines = path.read_text().splitlines()
    assert rejected.line is not None
    assert lines[rejected.line - 1].strip() == bad.strip().splitlines()[0].strip()


@pytest.mark.parametrize(("name", "bad"), [(name, bad) for name in FORMATS for bad in BROKEN[name]])
def test_rejects_come_back_as_they_were(name: str, bad: str, tmp_path: Path) -> None:
    path, rejects = tmp_path / "records", tmp_path / "rejects"
    path.write_text(document(name, [bad, GOOD[name][1], bad]))
    rejected = [record for record in read(path, name) if isinstance(record, Rejected)]
    assert len(rejected) == 2
    write_rejects(rejected, name, rejects)
    again = read(rejects, name)
    assert [record.raw for record in again if isinstance(record, Rejected)] == [
        record.raw for record in rejected
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_mended_rejects_are_papers(name: str, tmp_path: Path) -> None:
    path, rejects = tmp_path / "records", tmp_path / "rejects"
    path.write_text(document(name, [GOOD[name][0], BROKEN[name][0]]))
    rejected = [record for record in read(path, name) if isinstance(record, Rejected)]
    write_rejects(rejected, name, rejects)
    text = rejects.read_text()
    bad, good = BROKEN[name][0].strip(" \n"), GOOD[name][1].strip(" \n")
    assert bad in text
    rejects.write_text(text.replace(bad, good))
    assert outcome(read(rejects)) == ["Paper number 1"]


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.binary(max_size=400))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_crash_an_importer(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "noise"
    path.write_bytes(data)
    with contextlib.suppress(ImportFileError):
        assert all(record for record in read(path, name))


_ALPHABETS = {
    "bibtex": [
        "@article{a",
        "@string{s = ",
        "@comment{",
        "title",
        "author",
        "=",
        "{",
        "}",
        '"',
        ",",
        "#",
        "\n",
        "\\",
        "x",
    ],
    "ris": [
        "TY  - ",
        "ER  - ",
        "TI  - ",
        "AB  - ",
        "UR  - ",
        "AU  - ",
        "ZZ  - ",
        "\n",
        " ",
        "a;b",
        "-",
        "x, y",
    ],
    "medline": ["PMID- ", "TI  - ", "AB  - ", "AID - ", "      ", "\n", "[doi]", "a", "- "],
    "csv": ["a", '"', ",", "\n", "\r\n", " ", '""'],
    "csl-json": ["{", "}", "[", "]", '"', '"title"', ":", ",", '"a"', "\n", "\\", "1", " "],
    "pubmed": [
        "<PubmedArticle>",
        "</PubmedArticle>",
        "<PubmedBookArticle>",
        "<a>",
        "</a>",
        "&",
        "x",
        "\n",
        "<",
        "<!--",
    ],
    "beir": ['{"title": "x"', '"_id": ', "{", "}", "[", "]", '"', ",", ":", "null", "1e999", "\n", "\\ud800"],
}


@pytest.mark.parametrize("name", sorted(_ALPHABETS))
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_arrangement_of_a_formats_marks_crashes_its_importer(
    name: str, data: st.DataObject, tmp_path: Path
) -> None:
    text = HEADS.get(name, "") + "".join(data.draw(st.lists(st.sampled_from(_ALPHABETS[name]), max_size=40)))
    path = tmp_path / "noise"
    path.write_text(text)
    records = read(path, name)
    starts = {"ris": "\nTY  -", "medline": "\nPMID-"}.get(name)
    if starts is not None:
        assert len(records) == f"\n{text}".count(starts)
    if name == "beir":
        assert len(records) == sum(1 for line in text.split("\n") if line.strip())


@pytest.mark.parametrize("name", FORMATS)
@given(kinds=st.lists(st.booleans(), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_record_gives_one_result_in_its_place(name: str, kinds: list[bool], tmp_path: Path) -> None:
    path = tmp_path / "records"
    bad = BROKEN[name][-1]
    path.write_text(document(name, [GOOD[name][0] if good else bad for good in kinds]) or "\n")
    assert outcome(read(path, name)) == ["Paper number 0" if good else "rejected" for good in kinds]


PACKERS = {"gz": gzip.compress, "xz": lzma.compress, "zst": zstandard.compress}


@pytest.mark.parametrize("packer", sorted(PACKERS))
def test_packed_files_are_told_by_their_first_bytes(packer: str, tmp_path: Path) -> None:
    path = tmp_path / "records.bib"
    path.write_bytes(PACKERS[packer](document("ris", GOOD["ris"]).encode()))
    file = open_records(path)
    assert file.format == "ris"
    assert len(list(file.records)) == 3
    assert file.position() == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("packer", sorted(PACKERS))
def test_what_stands_before_damage_is_kept(packer: str, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lines = [
        f'{{"title": "Paper {i}", "abstract": "{hash((i, 1))} {hash((i, 2))}"}}\n' for i in range(15_000)
    ]
    packed = PACKERS[packer]("".join(lines).encode())
    path.write_bytes(packed[: len(packed) * 9 // 10])
    kept: list[Paper | Rejected] = []
    with pytest.raises(ImportFileError, match="damaged or cut off"):
        kept.extend(open_records(path).records)
    assert len(kept) > 5000
    assert all(isinstance(record, Paper) for record in kept)


@pytest.mark.parametrize("packer", ["gz", "xz", "zst"])
def test_a_decompression_bomb_is_refused_and_what_came_before_is_kept(
    packer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "RATIO_FREE", 1 << 20)
    path = tmp_path / "bomb"
    path.write_bytes(PACKERS[packer](b'{"title": "First", "abstract": ""}\n' + b" " * (40 << 20)))
    file = open_records(path)
    assert outcome([next(file.records)]) == ["First"]
    with pytest.raises(ImportFileError, match="limit on the ratio"):
        list(file.records)


def test_the_size_of_a_packed_file_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LARGEST_UNPACKED", 1 << 20)
    path = tmp_path / "large"
    path.write_bytes(gzip.compress(b'{"title": "First"}\n' * 200_000))
    with pytest.raises(ImportFileError, match="limit on the size"):
        list(open_records(path).records)


@pytest.mark.parametrize("name", ["ris", "bibtex", "jsonl", "csv", "pubmed", "csl-json"])
def test_a_record_beyond_all_measure_is_rejected_alone(name: str, tmp_path: Path) -> None:
    good = GOOD[name]
    large = good[1].replace("Paper number 1", "long " * (3 << 20))
    path = tmp_path / "records"
    path.write_text(document(name, [good[0], large, good[2]]))
    records = read(path, name)
    assert outcome(records) == ["Paper number 0", "rejected", "Paper number 2"]
    rejected = records[1]
    assert isinstance(rejected, Rejected)
    assert "larger than 10 MB" in rejected.reason
    assert len(rejected.raw) < 10_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_other_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes("TY  - JOUR\nTI  - Über Müller’s Verfahren\nER  - \n".encode(encoding))
    assert outcome(read(path)) == ["Über Müller’s Verfahren"]


def test_old_macintosh_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(document("ris", GOOD["ris"]).replace("\n", "\r").encode())
    assert outcome(read(path)) == [f"Paper number {i}" for i in range(3)]


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"%PDF-1.7\n%\xe2\xe3", b"<html><body>", b'{"a": 1}\n', b"a,b\n1,2\n"]
)
def test_what_is_no_file_of_papers_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ImportFileError) as caught:
        open_records(path)
    assert str(path) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04rest", "export.zip", "Unpack it"),
        (b"%PDF-1.7", "paper.pdf", "Export its reference"),
        (b"Naslov,Godina\nNeki rad,2001\n", "table.csv", "Naslov, Godina"),
        (b"", "empty.bib", "nothing in it"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImportFileError) as refused:
        open_records(tmp_path / name)
    assert said in refused.value.hint


def test_a_damaged_file_in_a_folder_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.bib.gz").write_bytes(gzip.compress(b"@article{a, title={T}}")[:15])
    (tmp_path / "photo.gz").write_bytes(gzip.compress(b"no text of ours")[:15])
    assert [path.name for path in find_files([tmp_path])] == ["a.bib.gz"]
