"""The commands around the library: show, remove, tag, collect, library, index and eval."""

import json

import pytest
from command import Cli

from litsearch.exporters import FORMATS
from litsearch.library import Library
from litsearch.notes import write_note


def test_show_has_everything_and_exports(filled: Cli) -> None:
    done = filled("show", "doi:10.1000/one")
    text = " ".join(done.out.split())
    for part in (
        "Query expansion for sparse retrieval",
        "Ada Amsel, Moritz Meise",
        "five test collections",
        "https://doi.org/10.1000/one",
    ):
        assert part in text
    assert json.loads(filled("show", "amsel2019", "--json").out)["key"] == "amsel2019"
    assert "@article{amsel2019," in filled("show", "amsel2019", "--format", "bibtex").out


def test_show_has_what_was_noted_of_a_paper(filled: Cli) -> None:
    assert "note" not in json.loads(filled("show", "amsel2019", "--json").out)
    with Library.open(filled.library) as library:
        paper = library.paper("amsel2019")
        assert paper is not None
        write_note(library, paper.id, "Read the ablation.\nThen\x1b[2J table 2.")
    text = filled("show", "amsel2019").out
    assert "Read the ablation.\n" in text
    assert "\x1b" not in text
    noted = json.loads(filled("show", "amsel2019", "--json").out)["note"]
    assert noted == "Read the ablation.\nThen\x1b[2J table 2."
    assert "ablation" not in filled("show", "drossel2021").out


def test_an_unknown_paper_is_an_error_that_names_the_nearest(filled: Cli) -> None:
    for command in ("show", "remove"):
        done = filled(command, "amsel2018")
        assert done.status == 2
        assert "amsel2019" in done.err


def test_a_removed_paper_is_not_found_any_more(filled: Cli) -> None:
    assert filled("remove", "amsel2019").out == "Removed 1 paper.\n"
    assert filled("search", "expansion", "--legs", "bm25").status == 1
    assert filled("show", "amsel2019").status == 2


def test_tags_and_collections_are_given_filtered_by_and_taken_away(filled: Cli) -> None:
    assert filled("tag", "amsel2019", "--tag", "todo").out == "amsel2019: todo\n"
    assert filled("collect", "drossel2021", "--into", "thesis").out == "drossel2021: thesis\n"
    found = filled("search", "retrieval", "--tag", "todo", "--collection", "thesis", "--json").lines
    assert {json.loads(line)["key"] for line in found} == {"amsel2019", "drossel2021"}
    assert filled("tag", "amsel2019", "--untag", "todo").out == "amsel2019: no tags\n"
    assert filled("collect", "drossel2021", "--out-of", "thesis").out == "drossel2021: no collection\n"
    assert filled("tag", "amsel2019").status == 2
    done = filled("search", "retrieval", "--tag", "todo")
    assert done.status == 2
    assert done.err.startswith("error: ")


def test_the_status_of_the_library(filled: Cli) -> None:
    filled("tag", "amsel2019", "--tag", "todo")
    done = filled("library")
    assert "papers: 3" in done.out
    assert "  refs.bib  3" in done.out
    assert "  todo  1" in done.out
    assert json.loads(filled("library", "--json").out)["papers"] == 3
    assert filled("library", "check").out == "The library is sound.\n"


def test_imports_are_listed_and_undone(filled: Cli) -> None:
    assert json.loads(filled("library", "imports", "--json").out)["added"] == 3
    number = json.loads(filled("library", "imports", "--json").out)["id"]
    assert filled("library", "undo-import", number).status == 0
    assert json.loads(filled("library", "--json").out)["papers"] == 0
    assert filled("library", "undo-import", 99).status == 2


def test_merges_are_listed_and_undone(filled: Cli) -> None:
    filled(
        "add",
        filled.file(
            "b.bib", "@article{x, title = {Query expansion for sparse retrieval, again}, doi = {10.1000/ONE}}"
        ),
    )
    merge = json.loads(filled("library", "merges", "--json").out)
    assert merge["key"] == "amsel2019"
    assert filled("library", "merges").out.startswith(f"{merge['id']} {merge['at']} {merge['key']}\n")
    done = filled("library", "unmerge", merge["id"])
    assert done.status == 0, done.err
    assert json.loads(filled("library", "--json").out)["papers"] == 4


def test_confirmed_merges_are_no_longer_listed_but_among_all(filled: Cli) -> None:
    again = "@article{x, title = {Query expansion for sparse retrieval, again}, doi = {10.1000/ONE}}"
    filled("add", filled.file("b.bib", again))
    done = filled("library", "confirm", "amsel2019")
    assert (done.status, done.out) == (0, "Confirmed: 1 merge\n")
    assert filled("library", "merges", "--json").out == ""
    assert "1 merge more" in filled("library", "merges").err
    merge = json.loads(filled("library", "merges", "--all", "--json").out)
    assert f"confirmed {merge['confirmed_at']}" in filled("library", "merges", "--all").out
    assert filled("library", "confirm", merge["id"], "--undo").status == 0
    assert filled("library", "merges").out.startswith(f"{merge['id']} ")
    unknown = filled("library", "confirm", 99)
    assert (unknown.status, unknown.out) == (2, "")
    assert "no merge 99" in unknown.err


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_exported_library_can_be_added_again(filled: Cli, format_name: str) -> None:
    filled("tag", "amsel2019", "--tag", "todo")
    path = filled.folder / f"out.{format_name}"
    assert filled("library", "export", "--format", format_name, "-o", path, "--tag", "todo").status == 0
    assert "Query expansion" in path.read_text("utf-8")
    if format_name != "markdown":
        done = filled("add", path, "--json", "--library", filled.folder / "second")
        counts = json.loads(done.out)
        assert (counts["added"], counts["rejected"]) == (1, 0)
        shown = filled("search", "expansion", "--json", "--library", filled.folder / "second")
        hit = json.loads(shown.lines[0])
        assert hit["authors"] == ["Ada Amsel", "Moritz Meise"]
        assert (hit["title"], hit["year"], hit["ids"]) == (
            "Query expansion for sparse retrieval",
            2019,
            ["doi:10.1000/one"],
        )


def test_the_index_tells_its_state_and_is_rebuilt_and_verified(filled: Cli) -> None:
    assert "bm25: 3 of 3 papers" in filled("index", "status").out
    legs = [json.loads(line) for line in filled("index", "status", "--json").lines]
    assert [leg["leg"] for leg in legs] == ["bm25", "sparse", "dense"]
    assert filled("index", "rebuild", "--leg", "bm25").status == 0
    assert filled("index", "verify").out == "The index is sound.\n"


def test_eval_measures_every_leg_and_compares(cli: Cli) -> None:
    folder = cli.folder / "set"
    folder.mkdir()
    corpus = [{"_id": f"d{n}", "title": f"owls {n}", "text": f"night bird word{n}"} for n in range(6)]
    queries = [{"_id": f"q{n}", "text": f"word{n}"} for n in range(3)]
    for name, records in (("corpus", corpus), ("queries", queries)):
        cli.file(f"set/{name}.jsonl", "".join(json.dumps(each) + "\n" for each in records))
    qrels = "".join(f"q{n}\td{n}\t1\n" for n in range(3))
    cli.file("set/qrels.tsv", f"query-id\tcorpus-id\tscore\n{qrels}")
    scores = json.loads(cli("eval", folder, "--json").out)
    assert list(scores) == ["bm25", "sparse", "dense", "fused"]
    assert scores["bm25"]["nDCG@10"] == 1.0
    done = cli("eval", folder, "--compare", "bm25:fused")
    assert "nDCG@10" in done.out
    assert "95% interval" in done.out
    done = cli(
        "eval", folder, "--sparse", "wordpieces", "--dense", "none", "--compare", "rrf:convex", "--json"
    )
    assert json.loads(done.out)["compare"][0]["difference"] == 0.0
    assert cli("eval", folder, "--compare", "bm25:nope").status == 2
    assert cli("eval", cli.folder / "absent").status == 2
