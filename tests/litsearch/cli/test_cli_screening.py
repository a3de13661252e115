"""``litsearch screen``: a screening from the shell."""

import csv
import io
import json

import pytest
from command import Cli


@pytest.fixture
def screened(filled: Cli) -> Cli:
    """The command with a screening of all three papers."""
    done = filled(
        *("screen", "new", "sparse", "--question", "Does query expansion help?"),
        *("--include", "measured on test collections", "--exclude", "not about retrieval"),
    )
    assert (done.status, done.out) == (0, "sparse: 3 candidates\n"), done.err
    return filled


def test_a_screening_from_its_question_to_the_last_paper(screened: Cli) -> None:
    first = screened("screen", "next", "sparse").lines
    assert first[0] == "amsel2019  2019  Query expansion for sparse retrieval"
    assert len(first) == 3
    assert screened("screen", "decide", "sparse", "include", "doi:10.1000/one").out == "amsel2019: include\n"
    done = screened(
        "screen", "decide", "sparse", "exclude", "zeisig2015", "drossel2021", "--reason", "other topic"
    )
    assert done.lines == ["zeisig2015: exclude", "drossel2021: exclude"]
    shown = json.loads(screened("screen", "show", "sparse", "--json").out)
    assert {name: shown[name] for name in ("candidates", "included", "maybe", "excluded", "left")} == {
        "candidates": 3,
        "included": 1,
        "maybe": 0,
        "excluded": 2,
        "left": 0,
    }
    done = screened("screen", "next", "sparse")
    assert (done.status, done.out) == (1, "")
    assert "All candidates are decided" in done.err


def test_next_gives_programs_the_abstract_and_no_more_papers_than_asked(screened: Cli) -> None:
    (line,) = screened("screen", "next", "sparse", "-k", 1, "--json").lines
    paper = json.loads(line)
    assert (paper["key"], paper["year"]) == ("amsel2019", 2019)
    assert "five test collections" in paper["abstract"]
    screened("screen", "decide", "sparse", "maybe", "amsel2019")
    assert "amsel2019" not in screened("screen", "next", "sparse").out


def test_show_tells_the_criteria_and_what_the_decisions_prove(screened: Cli) -> None:
    text = screened("screen", "show", "sparse").out
    assert "include: measured on test collections\nexclude: not about retrieval\n" in text
    assert "Nothing is decided yet" in text


def test_a_screening_of_the_starter_library_says_that_its_decisions_stay_there(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cli.folder / "cache"))
    done = cli("screen", "new", "tried", "--question", "Does feedback help?")
    assert done.status == 0, done.err
    assert "do not move" in done.err


def test_keys_come_from_stdin(screened: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def type_in(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    type_in("drossel2021\n\n  zeisig2015\r\n")
    done = screened("screen", "decide", "sparse", "exclude", "-")
    assert done.lines == ["drossel2021: exclude", "zeisig2015: exclude"]
    type_in("")
    assert screened("screen", "decide", "sparse", "exclude", "-").status == 2


def test_undo_takes_decisions_back_until_there_is_none(screened: Cli) -> None:
    screened("screen", "decide", "sparse", "include", "amsel2019")
    screened("screen", "decide", "sparse", "exclude", "amsel2019", "--reason", "too old")
    done = screened("screen", "undo", "sparse")
    assert (done.out, done.err) == ("amsel2019: include\n", "Took back: exclude (too old)\n")
    assert screened("screen", "undo", "sparse").out == "amsel2019: undecided\n"
    assert screened("screen", "undo", "sparse").status == 1


def test_nothing_is_decided_where_a_paper_or_a_verdict_is_unknown(screened: Cli) -> None:
    done = screened("screen", "decide", "sparse", "include", "amsel2019", "drossel2020")
    assert done.status == 2
    assert "drossel2021" in done.err
    assert screened("screen", "decide", "sparse", "yes", "amsel2019").status == 2
    assert screened("screen", "export", "sparse").lines == ["key,identifiers,title,year,verdict,reason,by,at"]


def test_an_export_has_every_decision_and_runs_nothing_in_a_spreadsheet(screened: Cli) -> None:
    screened("screen", "decide", "sparse", "exclude", "amsel2019", "--reason", "=HYPERLINK(1)")
    screened("screen", "decide", "sparse", "maybe", "zeisig2015")
    path = screened.folder / "decisions.csv"
    assert screened("screen", "export", "sparse", "-o", path).status == 0
    with path.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first.pop("at").endswith("Z")
    assert first == {
        "key": "amsel2019",
        "identifiers": "doi:10.1000/one",
        "title": "Query expansion for sparse retrieval",
        "year": "2019",
        "verdict": "exclude",
        "reason": "'=HYPERLINK(1)",
        "by": "user",
    }
    assert (second["key"], second["verdict"], second["reason"]) == ("zeisig2015", "maybe", "")
    objects = [json.loads(line) for line in screened("screen", "export", "sparse", "--json").lines]
    assert [each["reason"] for each in objects] == ["=HYPERLINK(1)", ""]
    assert objects[0]["identifiers"] == ["doi:10.1000/one"]


def test_candidates_may_be_those_that_match_a_query(screened: Cli) -> None:
    words = ("screen", "new", "dense", "--question", "Do vectors help?", "--candidates")
    assert screened(*words, "+vectors").out == "dense: 1 candidate\n"
    done = screened("screen", "decide", "dense", "include", "amsel2019")
    assert (done.status, done.out) == (0, "amsel2019: include\n")
    assert "amsel2019 is no candidate" in done.err
    listed = [json.loads(line) for line in screened("screen", "list", "--json").lines]
    assert [(each["name"], each["query"], each["decided"]) for each in listed] == [
        ("sparse", "", 0),
        ("dense", "+vectors", 1),
    ]
    assert screened("screen", "list").lines[0] == "sparse  0 decided  Does query expansion help?"


@pytest.mark.parametrize(
    "words",
    [
        ("new", "sparse", "--question", "again?"),
        ("new", "other"),
        ("new", " ", "--question", "?"),
        ("new", "other", "--question", "?", "--candidates", '"open'),
        ("new", "other", "--question", "?", "--candidates", "+nowhere"),
        ("show", "sprase"),
        ("next", "sprase"),
        ("undo", "sprase"),
        ("export", "sprase"),
        ("decide", "sprase", "include", "amsel2019"),
    ],
)
def test_what_cannot_be_is_an_error_and_makes_nothing(screened: Cli, words: tuple[str, ...]) -> None:
    done = screened("screen", *words)
    assert (done.status, done.out) == (2, "")
    assert "error: " in done.err.lower()
    assert len(screened("screen", "list").lines) == 1
