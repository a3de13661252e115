import gzip
import json
from pathlib import Path

import pytest
from command import BIBTEX, Cli

from indexes.hybrid import HybridIndex
from indexes.lock import writing

BROKEN = "@article{nameless, author = {Nobody}, year = {2020}}\n"


def test_the_counts_add_up_and_the_papers_are_found_at_once(cli: Cli) -> None:
    done = cli("add", cli.file("refs.bib", BIBTEX))
    assert done.status == 0
    assert "3 records = 3 added + 0 updated + 0 unchanged + 0 merged + 0 rejected" in done.out
    assert cli("search", "expansion", "--json").status == 0


def test_adding_again_changes_nothing(filled: Cli) -> None:
    done = filled("add", filled.folder / "refs.bib", "--json")
    counts = json.loads(done.out)
    assert (counts["read"], counts["unchanged"], counts["added"]) == (3, 3, 0)


def test_a_rejected_record_is_told_and_can_be_mended_and_added(cli: Cli) -> None:
    done = cli("add", cli.file("refs.bib", BROKEN + BIBTEX), "--json")
    counts = json.loads(done.out)
    assert (counts["read"], counts["added"], counts["rejected"]) == (4, 3, 1)
    assert "rejected: refs.bib, record 1, line 1:" in done.err
    rejects = Path(counts["rejects"])
    rejects.write_text(rejects.read_text("utf-8").replace("author =", "title = {Mended}, author ="), "utf-8")
    again = cli("add", rejects, "--json")
    assert json.loads(again.out)["added"] == 1


def test_rejects_go_where_they_are_wanted_and_overwrite_nothing(cli: Cli) -> None:
    first, second = cli.file("a.bib", BROKEN), cli.file("b.bib", BROKEN)
    done = cli("add", first, second, "--rejects", cli.folder / "mend.bib")
    assert done.status == 1  # nothing at all could be taken
    assert (cli.folder / "mend.bib").read_text("utf-8").strip() == BROKEN.strip()
    assert (cli.folder / "mend-2.bib").exists()


def test_columns_of_a_table_are_shown_and_can_be_named(cli: Cli) -> None:
    table = cli.file("t.csv", "Heading,Who\nOwls at night,Uhu\n")
    done = cli("add", table, "--format", "csv", "--column", "title=Heading")
    assert done.status == 0
    assert "title=Heading" in done.err
    assert json.loads(cli("search", "owls", "--json").out)["title"] == "Owls at night"
    assert cli("add", table, "--column", "title").status == 2


def test_tags_and_collections_are_given(cli: Cli) -> None:
    cli("add", cli.file("refs.bib", BIBTEX), "--tag", "todo", "--collection", "thesis")
    assert len(cli("search", "retrieval", "--tag", "todo", "--collection", "thesis", "--json").lines) == 3


def test_a_file_that_is_not_there_is_an_error_and_makes_no_library(cli: Cli) -> None:
    done = cli("add", cli.folder / "absent.bib")
    assert done.status == 2
    assert done.err.startswith("error: There is no file or folder")
    assert not cli.library.exists()


def test_one_unreadable_file_does_not_stop_the_others(cli: Cli) -> None:
    bad = cli.file("noise.txt", "nothing that anyone could read\n")
    done = cli("add", bad, cli.file("refs.bib", BIBTEX))
    assert done.status == 2
    assert "3 added" in done.out
    assert "noise.txt" in done.err


def test_without_an_index_the_search_says_how_far_it_is_behind(filled: Cli) -> None:
    more = filled.file("more.bib", "@misc{late, title = {A late sparse paper}}")
    assert filled("add", more, "--no-index").status == 0
    done = filled("search", "sparse")
    assert done.status == 0
    assert "bm25 has yet to see the last 1 change" in done.err
    assert "litsearch index update" in done.err
    assert filled("index", "update").status == 0
    assert "yet to see" not in filled("search", "sparse").err


def test_adding_succeeds_while_another_process_indexes(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("add", cli.file("refs.bib", BIBTEX))
    more = cli.file("more.bib", "@misc{late, title = {A late sparse paper}}")
    monkeypatch.setitem(HybridIndex.update.__kwdefaults__, "wait", 0.1)
    with writing(cli.library / "index"):
        done = cli("add", more)
    assert done.status == 0
    assert "The papers are in the library; the index will catch up." in done.err


def test_a_damaged_file_is_taken_up_to_the_damage_and_its_rejects_are_plain(cli: Cli) -> None:
    path = cli.folder / "refs.bib.gz"
    whole = gzip.compress((BROKEN + BIBTEX + "% a comment\n" * 99_999).encode(), compresslevel=1)
    path.write_bytes(whole[:-20])
    done = cli("add", path, "--json")
    counts = json.loads(done.out)
    assert done.status == 2
    assert (counts["added"], counts["rejected"]) == (2, 1)
    assert "damaged or cut off" in done.err
    assert Path(counts["rejects"]).name.endswith("-refs.bib")
    assert Path(counts["rejects"]).read_text("utf-8").strip() == BROKEN.strip()
