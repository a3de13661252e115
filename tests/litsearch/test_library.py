"""The library as its callers see it: opening, reading, labels, the trash, the change log."""

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from litsearch.errors import LibraryError
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.papers import Author, Identifier, Paper

ATTENTION = Paper(
    title="Attention is all you need",
    abstract="The dominant sequence transduction models.",
    authors=(Author("Vaswani", "Ashish"), Author("Shazeer", "Noam")),
    year=2017,
    venue="NeurIPS",
    kind="paper-conference",
    identifiers=(Identifier("doi", "10.5555/3295222"), Identifier("arxiv", "1706.03762")),
    key="vaswani17",
    url="https://example.org/a",
    volume="30",
    issue="1",
    pages="1-11",
    publisher="Curran",
    language="en",
    keywords=("transformer", "attention"),
    references=("doi:10.1/a",),
    extra={"note": "read"},
)
NAIVE = Paper(
    title="Naïve Bayes for all", authors=(Author("OpenAI"),), year=2020, key="naive", is_summary=True
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.open(tmp_path / "library")
    ingest(library, [ATTENTION, NAIVE], source="mine.bib", tags=["to read"])
    return library


def test_a_paper_comes_back_as_it_went_in(library: Library) -> None:
    stored = library.paper("vaswani17")
    assert stored is not None
    assert stored.paper == ATTENTION
    assert stored.tags == ("to read",)
    assert stored.sources == ("mine.bib",)
    assert [paper.paper for paper in library.all()] == [ATTENTION, NAIVE]


def test_it_is_there_after_reopening_and_reading_needs_no_sqlite_utils(library: Library) -> None:
    library.close()
    code = (
        "import sys; from pathlib import Path; from litsearch.library import Library\n"
        f"library = Library.open(Path({str(library.folder)!r}), create=False)\n"
        "assert library.count() == 2 and library.paper('naive') and library.changes(0, 10)\n"
        "heavy = {'sqlite_utils', 'orjson', 'tantivy', 'numpy', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "name",
    [
        "vaswani17",
        "doi:10.5555/3295222",
        "10.5555/3295222",
        "arxiv:1706.03762",
        "1706.03762v5",
        " vaswani17 ",
    ],
)
def test_a_paper_is_found_by_key_or_identifier(library: Library, name: str) -> None:
    stored = library.paper(name)
    assert stored is not None
    assert stored.id == 1
    assert library.paper("nobody") is None


def test_documents_are_what_retrieval_needs(library: Library) -> None:
    [first, second] = library.changes(0, 10)
    assert (first.revision, second.revision) == (1, 2) == (1, library.revision())
    document = first.document
    assert document is not None
    assert document.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert document.identifiers == ("doi:10.5555/3295222", "arxiv:1706.03762")
    assert (document.keywords, document.sources) == (("transformer", "attention"), ("mine.bib",))
    assert second.document is not None
    assert second.document.authors == ("OpenAI",)
    assert library.documents([2, 99]) == {2: second.document}


def test_parts_keep_their_order_in_documents(tmp_path: Path) -> None:
    names = tuple(Author(f"Family{n}", "Given") for n in range(200, 0, -1))
    with Library.open(tmp_path) as library:
        papers = [Paper(title=f"Paper {n}", authors=names[n:], keywords=("b", "a")) for n in range(50)]
        ingest(library, papers, source="x")
        for change, paper in zip(library.changes(0, 100), papers, strict=True):
            assert change.document is not None
            assert change.document.authors == tuple(author.name for author in paper.authors)
            assert change.document.keywords == ("b", "a")


def test_changes_give_each_paper_once_and_say_where_a_batch_ends(library: Library) -> None:
    library.remove(["vaswani17"])
    changes = library.changes(0, 10)
    assert [(c.revision, c.id, c.document is None) for c in changes] == [(2, 2, False), (3, 1, True)]
    assert [c.id for c in library.changes(0, 1)] == [1]
    assert library.changes(3, 10) == []


def test_removed_papers_wait_in_the_trash_until_they_are_added_again(library: Library) -> None:
    assert library.remove(["vaswani17"]) == 1
    assert library.live([1, 2]) == {2}
    assert library.count() == 1
    assert library.paper("vaswani17") is None
    assert library.stats().trash == 1
    report = ingest(library, [ATTENTION], source="mine.bib")
    assert (report.added, report.unchanged) == (1, 0)
    stored = library.paper("vaswani17")
    assert stored is not None
    assert (stored.id, stored.tags) == (1, ("to read",))
    assert library.changes(3, 10)[0].document is not None
    assert library.check() == []


def test_undoing_the_import_that_restored_a_paper_returns_it_to_the_trash(library: Library) -> None:
    library.remove(["vaswani17"])
    report = ingest(library, [ATTENTION], source="mine.bib")
    library.undo_import(report.import_id)
    assert library.paper("vaswani17") is None
    assert library.stats().trash == 1


def test_labels(library: Library) -> None:
    revision = library.revision()
    library.tag(["vaswani17", "arxiv:1706.03762"], ["core", "to read"])
    library.collect(["naive"], ["thesis"])
    assert library.tags() == {"core": 1, "to read": 2}
    assert library.collections() == {"thesis": 1}
    assert library.ids_of(tags=["core"], collections=["thesis"]) == {1, 2}
    assert [p.key for p in library.all(tag="to read", collection="thesis")] == ["naive"]
    library.untag(["vaswani17"], ["core"])
    library.uncollect(["naive"], ["thesis"])
    assert library.tags() == {"to read": 2}
    assert library.collections() == {}
    assert library.revision() == revision


def test_an_unknown_name_is_an_error_that_names_the_nearest(library: Library) -> None:
    with pytest.raises(LibraryError) as unknown:
        library.ids_of(tags=["to raed"], collections=[])
    assert "to read" in unknown.value.hint
    with pytest.raises(LibraryError) as unknown:
        library.remove(["vaswani71"])
    assert "vaswani17" in unknown.value.hint
    assert library.count() == 2


def test_searches_are_logged(library: Library) -> None:
    library.log_search(text="attention", filters="year 2017", revision=2, count=1)
    [search] = library.searches()
    assert (search.text, search.filters, search.revision, search.count) == ("attention", "year 2017", 2, 1)
    assert search.at.endswith("Z")


def test_stats_count_what_is_there(library: Library) -> None:
    stats = library.stats()
    assert (stats.papers, stats.with_abstract, stats.first_year, stats.last_year) == (2, 1, 2017, 2020)
    assert stats.identifiers == {"doi": 1, "arxiv": 1}
    assert stats.sources == {"mine.bib": 2}
    assert stats.bytes > 0


def test_papers_come_in_the_order_asked_for(library: Library) -> None:
    assert [stored.id for stored in library.papers([2, 99, 1])] == [2, 1]


def test_threads_read_from_one_library(library: Library) -> None:
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(library.count())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [2] * 8
    library.close()


def test_closing_waits_for_a_thread_that_reads(library: Library) -> None:
    begun, go_on = threading.Event(), threading.Event()
    seen: list[int] = []

    def read() -> None:
        with library.snapshot() as reader:
            begun.set()
            go_on.wait(10)
            seen.append(reader.execute("SELECT count(*) FROM papers").fetchone()[0])

    reading, closing = threading.Thread(target=read), threading.Thread(target=library.close)
    reading.start()
    assert begun.wait(10)
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()
    go_on.set()
    for thread in (reading, closing):
        thread.join(10)
    assert seen == [2]


def test_opening_what_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library"):
        Library.open(tmp_path / "absent", create=False)
    assert not (tmp_path / "absent").exists()
    (tmp_path / "library.db").write_text("not a database, but long enough to look at " * 50)
    with pytest.raises(LibraryError, match="not a database"):
        Library.open(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    connection = sqlite3.connect(other / "library.db")
    connection.execute("CREATE TABLE something (x)")
    connection.close()
    with pytest.raises(LibraryError, match="not a library of litsearch"):
        Library.open(other)


def test_a_newer_library_is_refused(library: Library) -> None:
    with library.transaction() as writer:
        writer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('litsearch', 'm999', '')"
        )
    library.close()
    with pytest.raises(LibraryError, match="newer"):
        Library.open(library.folder)


def test_two_openers_at_once_make_one_library(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from litsearch.library import Library\n"
        f"Library.open(Path({str(tmp_path)!r}))"
    )
    children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert Library.open(tmp_path).check() == []


def test_a_writer_that_waits_in_vain_says_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litsearch.connections._WAIT", 0.1)
    with (
        Library.open(library.folder) as second,
        library.transaction(),
        pytest.raises(LibraryError, match="another process") as busy,
    ):
        second.remove(["naive"])
    assert busy.value.hint


def test_check_finds_damage(library: Library) -> None:
    assert library.check() == []
    with library.transaction() as writer:
        writer.execute("UPDATE totals SET papers = 7")
        writer.execute("DELETE FROM records WHERE paper = 1")
    assert [problem.split(":")[0] for problem in library.check()] == [
        "There are papers without a record",
        "There are a wrong count of papers",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_library_in_a_folder_that_is_read_only_can_be_read(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        ingest(library, [Paper("Read only", key="ro")], source="a")
    tmp_path.chmod(0o500)
    try:
        with Library.open(tmp_path) as library:
            assert library.count() == 1
            with pytest.raises(LibraryError):
                library.remove(["ro"])
    finally:
        tmp_path.chmod(0o700)


def test_a_removed_paper_lies_in_the_trash_until_it_is_restored(library: Library) -> None:
    library.remove(["vaswani17"])
    [paper] = library.trash()
    assert (paper.key, paper.paper) == ("vaswani17", ATTENTION)
    after = library.revision()
    assert library.restore([paper.id, 99]) == 1
    assert library.trash() == []
    assert library.paper("vaswani17") is not None
    assert [change.id for change in library.changes(after, 10)] == [paper.id], "the indexes hear of it"
    assert library.restore([paper.id]) == 0


def test_a_library_whose_file_was_moved_away_is_neither_read_nor_written(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        file = library.folder / "library.db"
        file.rename(tmp_path / "elsewhere.db")
        with pytest.raises(LibraryError, match="moved, deleted or replaced"):
            library.count()
        with pytest.raises(LibraryError, match="moved, deleted or replaced"):
            library.tag([], ["thesis"])
        assert not file.exists(), "nothing is made in its place"
        (tmp_path / "elsewhere.db").rename(file)
        assert library.count() == 0
