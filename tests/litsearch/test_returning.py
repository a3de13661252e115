"""Decisions on papers that go with their import count again when the papers are added again."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_records import paper, records

from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.papers import Identifier, Paper
from litsearch.screening.decisions import Decisions
from litsearch.screening.screenings import Screening, create

A = paper("Attention is all you need", "doi:10.1000/a")
OTHER = paper("Deep residual learning for images", "doi:10.1000/c", author="He")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.open(tmp_path)
    create(library, Screening("s", "What helps?"))
    return library


def number(library: Library, title: str) -> int:
    [found] = [stored.id for stored in library.all() if stored.paper.title == title]
    return found


def verdicts(library: Library) -> dict[str, str]:
    """By title."""
    decisions = Decisions(library, "s").all()
    return {stored.paper.title: decisions[stored.id].verdict for stored in library.papers(list(decisions))}


def test_the_same_file_added_again_brings_its_decisions_back(library: Library) -> None:
    done = ingest(library, [A, OTHER], source="a")
    Decisions(library, "s").decide(number(library, A.title), "include", "fits")
    library.undo_import(done.import_id)
    assert verdicts(library) == {}
    ingest(library, [OTHER, A], source="a")
    assert verdicts(library) == {A.title: "include"}
    decisions = Decisions(library, "s")
    decisions.decide(number(library, A.title), "exclude")
    assert verdicts(library) == {A.title: "exclude"}, "the newest counts, as ever"
    decisions.undo()
    taken = decisions.undo()
    assert taken is not None
    assert taken.paper == number(library, A.title), "as the paper is called now"
    assert verdicts(library) == {}


@pytest.mark.parametrize(
    "mended",
    [
        replace(A, abstract="It has an abstract now."),
        replace(A, title="Attention is all you need!", identifiers=()),
        paper("Attention is nearly all you need", "doi:10.1000/a", year=2023),
    ],
    ids=["abstract", "title", "identifier"],
)
def test_a_mended_record_under_another_file_name_is_the_same_paper(library: Library, mended: Paper) -> None:
    done = ingest(library, [A], source="a")
    Decisions(library, "s").decide(number(library, A.title), "include")
    library.undo_import(done.import_id)
    ingest(library, [OTHER, mended], source="b")
    assert verdicts(library) == {mended.title: "include"}


@pytest.mark.parametrize(
    "stranger",
    [
        replace(A, identifiers=(Identifier("doi", "10.1000/b"),)),
        replace(A, year=2025, identifiers=()),
        replace(OTHER, identifiers=A.identifiers),
    ],
    ids=["another DOI", "another year", "another work with the DOI"],
)
def test_another_paper_gets_none_of_them(library: Library, stranger: Paper) -> None:
    done = ingest(library, [A], source="a")
    Decisions(library, "s").decide(number(library, A.title), "include")
    library.undo_import(done.import_id)
    ingest(library, [stranger], source="b")
    assert verdicts(library) == {}
    ingest(library, [A], source="c")
    assert len(verdicts(library)) == 1, "it still waits for its own"


def test_going_and_coming_twice_is_coming_once(library: Library) -> None:
    first = ingest(library, [A], source="a")
    Decisions(library, "s").decide(number(library, A.title), "include")
    library.undo_import(first.import_id)
    second = ingest(library, [replace(A, title="Attention is nearly all you need")], source="b")
    library.undo_import(second.import_id)
    assert verdicts(library) == {}
    assert library.check() == []
    ingest(library, [replace(A, title="Attention is nearly all you need", identifiers=())], source="c")
    assert verdicts(library) == {"Attention is nearly all you need": "include"}, "as it was called last"
    assert library.check() == []


def test_decisions_of_merged_papers_come_back_each_to_its_own_or_to_the_one_paper(library: Library) -> None:
    preprint, journal = (
        paper("Weavers at their looms", "arxiv:1"),
        paper("Looms of old towns", "doi:10.1000/x"),
    )
    first = ingest(library, [preprint, journal], source="a")
    decisions = Decisions(library, "s")
    decisions.decide(number(library, preprint.title), "include")
    decisions.decide(number(library, journal.title), "exclude")
    joining = ingest(
        library, [replace(journal, identifiers=(*preprint.identifiers, *journal.identifiers))], source="b"
    )
    assert list(verdicts(library).values()) == ["exclude"]
    library.undo_import(joining.import_id)
    library.undo_import(first.import_id)
    assert library.count() == 0
    ingest(library, [preprint], source="a")
    assert verdicts(library) == {preprint.title: "include"}
    ingest(library, [replace(journal, identifiers=(*preprint.identifiers, *journal.identifiers))], source="c")
    assert list(verdicts(library).values()) == ["exclude"]
    assert library.check() == []


def test_decisions_on_a_paper_that_another_import_knows_stay_with_it(library: Library) -> None:
    done = ingest(library, [A], source="a")
    Decisions(library, "s").decide(number(library, A.title), "include")
    ingest(library, [A], source="b")
    library.undo_import(done.import_id)
    assert verdicts(library) == {A.title: "include"}
    assert library.check() == []


def content(paper: Paper) -> str:
    return repr(replace(paper, key=""))


@settings(max_examples=60, deadline=None)
@given(st.lists(records(), max_size=6), st.randoms())
def test_after_an_import_is_undone_and_repeated_each_paper_has_its_own_decision(
    tmp_path_factory: pytest.TempPathFactory, papers: list[Paper], random: Random
) -> None:
    with Library.open(tmp_path_factory.mktemp("library")) as library:
        create(library, Screening("s", ""))
        done = ingest(library, papers, source="a")
        decided = [(stored.id, content(stored.paper)) for stored in library.all()]
        random.shuffle(decided)
        Decisions(library, "s").decide_all({each: ("include", said) for each, said in decided})
        library.undo_import(done.import_id)
        assert Decisions(library, "s").all() == {}
        ingest(library, papers, source="b")
        standing = Decisions(library, "s").all()
        assert {stored.id: content(stored.paper) for stored in library.all()} == {
            each: decision.reason for each, decision in standing.items()
        }
        assert library.check() == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.lists(records(), max_size=5)), max_size=3), st.data())
def test_coming_and_going_in_any_order_leaves_the_library_sound(
    tmp_path_factory: pytest.TempPathFactory, imports: list[tuple[str, list[Paper]]], data: st.DataObject
) -> None:
    with Library.open(tmp_path_factory.mktemp("library")) as library:
        create(library, Screening("s", ""))
        for _ in range(2):
            done = [ingest(library, papers, source=source).import_id for source, papers in imports]
            decisions = Decisions(library, "s")
            decisions.decide_all({stored.id: ("include", "") for stored in library.all()})
            for import_id in data.draw(st.permutations(done)):
                library.undo_import(import_id)
                assert library.check() == []
                assert decisions.all().keys() <= {stored.id for stored in library.all()}
