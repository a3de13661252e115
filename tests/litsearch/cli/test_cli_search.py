import csv
import io
import json
import os
import re
import sqlite3
from pathlib import Path

import pytest
from command import Cli

from indexes.types import Filters
from litsearch.cli.options import FilterOptions
from litsearch.library import Library


def keys(cli: Cli, *words: object) -> list[str]:
    done = cli("search", *words, "--json")
    assert done.status in (0, 1), done.err
    return [json.loads(line)["key"] for line in done.lines]


def test_a_hit_as_json_has_what_is_promised(filled: Cli) -> None:
    hit = json.loads(filled("search", "query expansion", "-k", 1, "--json").out)
    assert list(hit) == ["key", "rank", "score", "title", "authors", "year", "venue", "ids", "legs"]
    assert (hit["key"], hit["rank"], hit["year"]) == ("amsel2019", 1, 2019)
    assert hit["authors"] == ["Ada Amsel", "Moritz Meise"]
    assert hit["ids"] == ["doi:10.1000/one"]
    assert hit["legs"]["bm25"]["rank"] == 1


def test_explaining_adds_the_terms(filled: Cli) -> None:
    hit = json.loads(filled("search", "expansion", "-k", 1, "--json", "--explain").out)
    assert hit["legs"]["bm25"]["terms"][0]["weight"] > 0
    assert re.search(r"bm25 rank 1, score [\d.]+: expan", filled("search", "expansion", "--explain").out)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--year", "2019"], ["amsel2019"]),
        (["--year", "2020-"], ["drossel2021"]),
        (["--year", "-2019"], ["amsel2019"]),
        (["--author", "drossel"], ["drossel2021"]),
        (["--venue", "birds"], ["drossel2021"]),
        (["--source", "refs.bib", "--year", "2019-2021"], ["amsel2019", "drossel2021"]),
        (["--source", "other"], []),
    ],
)
def test_filters_narrow(filled: Cli, options: list[str], found: list[str]) -> None:
    assert sorted(keys(filled, "retrieval", "--legs", "bm25", *options)) == found


def test_has_abstract_and_its_opposite(filled: Cli) -> None:
    assert keys(filled, "songs", "--legs", "bm25", "--has-abstract") == []
    assert keys(filled, "songs", "--legs", "bm25", "--no-abstract") == ["zeisig2015"]


@pytest.mark.parametrize("years", ["x", "2020-2010", "-", "20201", "2010--2020"])
def test_years_that_make_no_sense_are_explained(filled: Cli, years: str) -> None:
    done = filled("search", "x", f"--year={years}")
    assert done.status == 2
    assert "--year" in done.err
    assert years in done.err


@pytest.mark.parametrize(
    "option", [["--legs", "bm52"], ["--weight", "bm25"], ["--weight", "x=1"], ["-k", "0"]]
)
def test_a_wrong_option_is_a_usage_error_in_plain_style(filled: Cli, option: list[str]) -> None:
    done = filled("search", "x", *option)
    assert done.status == 2
    assert "Error: Invalid value" in done.err
    assert "╭" not in done.err


def test_offset_pages_through_the_ranking(filled: Cli) -> None:
    every = keys(filled, "retrieval papers", "-k", 3)
    assert keys(filled, "retrieval papers", "-k", 1, "--offset", 1) == every[1:2]


def test_weights_and_fusion_are_taken(filled: Cli) -> None:
    assert keys(filled, "retrieval", "--fusion", "convex", "--weight", "bm25=1", "--weight", "sparse=0")
    done = filled("search", "retrieval", "--weight", "bm25=-1")
    assert done.status == 2
    assert done.err.startswith("error: ")


def test_no_match_says_so_offers_the_nearest_spelling_and_exits_1(filled: Cli) -> None:
    done = filled("search", "expansoin", "--legs", "bm25")
    assert (done.status, done.out) == (1, "")
    assert "No paper matches expansoin" in done.err
    assert "Did you mean: expansion" in done.err


def test_a_syntax_error_points_at_the_place(filled: Cli) -> None:
    done = filled("search", 'birds title:"dense retri')
    assert done.status == 2
    message, query, caret, *_ = done.err.splitlines()
    assert message.startswith("error: ")
    assert query[caret.index("^")] == '"'


def test_the_caret_stands_right_after_wide_characters(filled: Cli) -> None:
    _, query, caret, *_ = filled("search", '検索 "x').err.splitlines()
    assert query == '  検索 "x'
    assert caret == " " * (2 + 4 + 1) + "^"


def test_formats_write_the_papers_that_were_found(filled: Cli) -> None:
    assert "@article{amsel2019," in filled("search", "expansion", "--format", "bibtex").out
    rows = list(csv.DictReader(io.StringIO(filled("search", "expansion", "--format", "csv").out)))
    assert rows[0]["key"] == "amsel2019"


def test_every_search_is_logged_with_its_filters(filled: Cli) -> None:
    filled("search", "retrieval", "--year", "2019-", "--author", "amsel")
    logged = json.loads(filled("library", "searches", "--json").out)
    assert (logged["text"], logged["filters"], logged["count"]) == (
        "retrieval",
        "--year 2019- --author 'amsel'",
        1,
    )
    assert logged["at"]


def test_a_library_that_can_not_be_written_is_searched_all_the_same(
    filled: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a search was logged")

    monkeypatch.setattr(Library, "log_search", refuse)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert filled("search", "expansion").status == 0


def test_a_pipe_gets_plain_lines_and_the_count_goes_to_stderr(filled: Cli) -> None:
    done = filled("search", "expansion", "-k", 1)
    assert done.lines[0] == "1  Query expansion for sparse retrieval"
    assert done.lines[1] == "   Ada Amsel, Moritz Meise · 2019 · Journal of Search"
    assert "amsel2019  https://doi.org/10.1000/one" in done.out
    assert "\x1b" not in done.out
    assert re.search(r"1-1 of 1 matching paper \(bm25 \+ sparse \+ dense\)", done.err)


def test_similar_finds_others_by_key_or_identifier(filled: Cli) -> None:
    for name in ("amsel2019", "doi:10.1000/one", "10.1000/one"):
        found = [json.loads(line)["key"] for line in filled("similar", name, "--json").lines]
        assert found
        assert "amsel2019" not in found


def test_an_unknown_key_names_the_nearest(filled: Cli) -> None:
    done = filled("similar", "amsel2018")
    assert done.status == 2
    assert "amsel2019" in done.err


def test_feedback_expands_the_query(filled: Cli) -> None:
    done = filled("search", "expansion", "--feedback", "rm3", "--explain")
    assert done.status == 0
    assert "Expanded by: " in done.err


def test_an_empty_library_searches_the_starter_library_and_says_so(cli: Cli) -> None:
    done = cli("search", "dense retrieval")
    assert done.status == 0
    assert "starter library" in done.err
    assert "litsearch add PATH" in done.err
    assert not cli.library.exists()


def test_nothing_of_a_title_steers_the_terminal(cli: Cli) -> None:
    Library.open(cli.library).close()
    cli("add", cli.file("a.bib", "@misc{x, title = {Owls [bold]red[/bold] at night}}"))
    with sqlite3.connect(cli.library / "library.db") as database:  # as an older version may have stored it
        database.execute(
            "UPDATE papers SET title = title || char(27) || '[2J' || char(8238) || char(155) || 'm'"
        )
    for options in ([], ["--json"], ["--format", "markdown"], ["--format", "ris"]):
        out = cli("search", "owls", *options).out
        assert not re.search("[\x1b\u202e\x9b]", out)
        assert "[bold]" in out.replace("\\", "")


def test_filters_are_said_as_they_were_typed(tmp_path: Path) -> None:
    options = FilterOptions(year="2015-", author=["Ada A."], has_abstract=True)
    assert str(options) == "--year 2015- --author 'Ada A.' --has-abstract"
    assert str(FilterOptions()) == ""
    with Library.open(tmp_path) as library:
        assert options.filters(library) == Filters(year_from=2015, authors=("Ada A.",), has_abstract=True)
