"""Records into the library: counts, merges, updates, and all of it undone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_records import paper, records

from indexes.types import Progress
from litsearch.errors import ImportFileError, LibraryError
from litsearch.ingest import ImportReport, ingest
from litsearch.library import Library
from litsearch.papers import Author, Identifier, Paper, Rejected


def counts(report: ImportReport) -> dict[str, int]:
    names = ("added", "updated", "unchanged", "merged", "rejected")
    found = {name: getattr(report, name) for name in names}
    assert sum(found.values()) == report.read
    return {name: count for name, count in found.items() if count}


def titles(library: Library) -> list[str]:
    return sorted(stored.paper.title for stored in library.all())


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path)


A = paper("Attention is all you need", "doi:10.1000/a", key="vaswani17")
B = paper("Attention Is All You Need!", "arxiv:1706.03762", key="1706", abstract="An abstract.", year=2018)
OTHER = paper("Deep residual learning for images", "doi:10.1000/c", key="he16", author="He")


def test_adding_a_file_twice_changes_nothing(library: Library) -> None:
    records = [
        A,
        OTHER,
        paper("No key or identifier at all"),
        paper("No key or identifier at all", author="X"),
    ]
    assert counts(ingest(library, records, source="a.bib")) == {"added": 4}
    revision = library.revision()
    assert counts(ingest(library, records, source="a.bib")) == {"unchanged": 4}
    assert library.revision() == revision
    assert library.check() == []


def test_a_file_under_another_name_is_unchanged_and_its_papers_are_known_from_both(library: Library) -> None:
    records = [A, OTHER, paper("Short"), paper("Short", author="X")]
    ingest(library, records, source="a.bib")
    report = ingest(library, [*records, *records], source="copy of a.bib", tags=["copy"])
    assert counts(report) == {"unchanged": 8}
    assert library.merges() == []
    assert {stored.sources for stored in library.all()} == {("a.bib", "copy of a.bib")}
    assert library.tags() == {"copy": 4}
    library.undo_import(1)
    assert library.count() == 4
    assert library.check() == []
    library.undo_import(2)
    assert library.count() == 0


def test_a_record_that_was_parted_takes_its_copies_with_it(library: Library) -> None:
    for source, record in (("a", A), ("b", replace(B, year=2017)), ("copy of b", replace(B, year=2017))):
        ingest(library, [record], source=source)
    [merge] = library.merges()
    library.unmerge(merge.id)
    assert [stored.sources for stored in library.all()] == [("a",), ("b", "copy of b")]
    assert counts(ingest(library, [replace(B, year=2017)], source="again")) == {"unchanged": 1}
    assert library.count() == 2
    assert library.check() == []


def test_a_record_twice_in_one_file_is_one_paper(library: Library) -> None:
    assert counts(ingest(library, [A, A], source="a.bib")) == {"added": 1, "unchanged": 1}


def test_two_papers_with_one_key_in_one_file_are_two_and_stay_so(library: Library) -> None:
    records = [A, replace(OTHER, key="vaswani17")]
    assert counts(ingest(library, records, source="a.bib")) == {"added": 2}
    assert [stored.key for stored in library.all()] == ["vaswani17", "he2017deep"]
    assert counts(ingest(library, records, source="a.bib")) == {"unchanged": 2}


def test_two_states_of_a_record_in_one_file_settle(library: Library) -> None:
    records = [A, replace(A, abstract="With an abstract.")]
    assert counts(ingest(library, records, source="a.bib")) == {"added": 1, "merged": 1}
    assert counts(ingest(library, records, source="a.bib")) == {"unchanged": 2}


def test_keys_are_the_records_own_or_made_and_never_change(library: Library) -> None:
    records = [
        paper("The quick brown fox jumps", author="Müller", year=2020),
        paper("The quick silver fox", author="Muller", year=2020),
        replace(paper("A fox", author="Lee"), year=None),
        paper("Its key is no key", key="has space, and comma"),
        Paper(title=""),
    ]
    ingest(library, records, source="x.csv")
    made = [stored.key for stored in library.all()]
    assert made == ["muller2020quick", "muller2020quicka", "leea", "vaswani2017its", "anonymous"]
    ingest(library, [replace(records[1], identifiers=(Identifier("doi", "10.1000/fox"),))], source="y.csv")
    assert [stored.key for stored in library.all()] == made


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (paper("Another title", "doi:10.1000/a", year=1990), "doi:10.1000/a"),
        (paper("Attention: is it all you need?", "doi:10.1000/a", author="X", year=1990), "doi:10.1000/a"),
        (B, "title, first author and year"),
        (replace(A, abstract="The same from elsewhere."), "doi:10.1000/a"),
    ],
)
def test_the_same_paper_from_elsewhere_merges_and_is_listed(library: Library, other: Paper, why: str) -> None:
    ingest(library, [A], source="a.bib")
    assert counts(ingest(library, [other], source="b.ris")) == {"merged": 1}
    assert library.count() == 1
    [merge] = library.merges()
    assert (merge.why, merge.key, merge.source, merge.undone_at) == (why, "vaswani17", "b.ris", "")
    stored = library.paper("vaswani17")
    assert stored is not None
    assert stored.sources == ("a.bib", "b.ris")
    assert counts(ingest(library, [other], source="b.ris")) == {"unchanged": 1}
    assert library.check() == []


@pytest.mark.parametrize(
    "other",
    [
        paper("Attention is all you need", "doi:10.1000/other"),
        paper("Attention is all you need", year=2020),
        paper("Attention is all you need", author="Shazeer"),
        replace(paper("Attention is all you need"), year=None),
        paper("Another title", "doi:10.1000/other", "issn:1234-5678"),
    ],
)
def test_other_papers_do_not_merge(library: Library, other: Paper) -> None:
    ingest(library, [A], source="a.bib")
    assert counts(ingest(library, [other], source="b.ris")) == {"added": 1}
    assert library.check() == []


def test_a_preprint_with_arxivs_own_doi_merges_with_the_journal(library: Library) -> None:
    ingest(library, [paper("Attention is all you need", "doi:10.48550/arxiv.1706.03762")], source="a")
    assert counts(ingest(library, [A], source="b")) == {"merged": 1}
    stored = library.paper("1706.03762")
    assert stored is not None
    assert sorted(map(str, stored.paper.identifiers)) == [
        "arxiv:1706.03762",
        "doi:10.1000/a",
        "doi:10.48550/arxiv.1706.03762",
    ]


def test_a_new_state_of_a_record_updates_and_can_be_undone(library: Library) -> None:
    ingest(library, [A, OTHER], source="a.bib")
    before = list(library.all())
    corrected = replace(A, title="Attention is all you need, corrected", year=2016)
    report = ingest(library, [corrected, OTHER], source="a.bib")
    assert counts(report) == {"updated": 1, "unchanged": 1}
    stored = library.paper("vaswani17")
    assert stored is not None
    assert stored.paper == corrected
    assert library.merges() == []
    library.undo_import(report.import_id)
    assert list(library.all()) == before
    assert library.check() == []


def test_a_state_that_says_less_is_unchanged(library: Library) -> None:
    ingest(library, [replace(A, abstract="Long.")], source="a.bib")
    assert counts(ingest(library, [A], source="a.bib")) == {"unchanged": 1}


def test_going_back_to_an_earlier_state_is_an_update(library: Library) -> None:
    for year, outcome in ((2017, "added"), (2018, "updated"), (2017, "updated"), (2017, "unchanged")):
        assert counts(ingest(library, [replace(A, year=year)], source="a.bib")) == {outcome: 1}
    assert library.check() == []


def test_a_source_may_correct_an_identifier_that_nobody_else_vouches_for(library: Library) -> None:
    corrected = replace(A, identifiers=(Identifier("doi", "10.1000/right"),))
    ingest(library, [A], source="a.bib")
    assert counts(ingest(library, [corrected], source="a.bib")) == {"updated": 1}
    assert library.paper("10.1000/a") is None
    assert library.paper("10.1000/right") is not None


def test_an_identifier_that_others_vouch_for_is_not_corrected_away(library: Library) -> None:
    ingest(library, [A], source="a.bib")
    ingest(library, [replace(B, identifiers=A.identifiers)], source="b.ris")
    corrected = replace(A, identifiers=(Identifier("doi", "10.1000/right"),))
    assert counts(ingest(library, [corrected], source="a.bib")) == {"added": 1}
    assert library.count() == 2


BRIDGED = paper("Attention, an unrelated title", "arxiv:1706.03762", key="other")
BRIDGE = paper("Both", "doi:10.1000/a", "arxiv:1706.03762", key="bridge")


def test_a_record_that_bridges_two_papers_merges_them_until_it_is_undone(library: Library) -> None:
    ingest(library, [A, BRIDGED, OTHER], source="a.bib")
    library.tag(["other"], ["mine"])
    before = list(library.all())
    report = ingest(library, [BRIDGE], source="b.ris", tags=["b"])
    assert counts(report) == {"merged": 1}
    assert library.count() == 2
    merged = library.paper("other")
    assert merged is not None
    assert (merged.key, merged.tags) == ("vaswani17", ("b", "mine"))
    assert [(m.key, m.absorbed) for m in library.merges()] == [("vaswani17", ""), ("vaswani17", "other")]
    gone = [change.id for change in library.changes(3, 100) if change.document is None]
    assert gone == [2]
    assert library.check() == []
    library.undo_import(report.import_id)
    assert list(library.all()) == before
    assert all(merge.undone_at for merge in library.merges())
    assert library.check() == []


def test_a_bridge_within_one_import(library: Library) -> None:
    assert counts(ingest(library, [A, BRIDGED, BRIDGE], source="a.bib")) == {"added": 2, "merged": 1}
    assert library.count() == 1
    assert library.check() == []
    assert counts(ingest(library, [A, BRIDGED, BRIDGE], source="a.bib")) == {"unchanged": 3}
    assert [stored.key for stored in library.unmerge(2)] == ["vaswani17", "other"]
    assert library.check() == []


def test_a_bridge_never_joins_what_conflicts(library: Library) -> None:
    ingest(
        library,
        [A, replace(BRIDGED, identifiers=(*BRIDGED.identifiers, Identifier("doi", "10.1000/z")))],
        source="a",
    )
    ingest(library, [BRIDGE], source="b")
    assert library.count() == 2
    assert library.check() == []


VOLUME = (
    ("Saliency suppression for videos", "Xia"),
    ("Learned image compression", "Zou"),
    ("Neural radiance fields", "Ma"),
)


def test_papers_of_a_volume_that_carry_its_doi_stay_apart(library: Library) -> None:
    volume = (Identifier("doi", "10.1007/978-3-031-19830-4"),)
    one = Paper(
        "Saliency suppression for videos", authors=(Author("Xia", "B."),), year=2022, identifiers=volume
    )
    two = Paper("Learned image compression", authors=(Author("Zou", "R."),), year=2022, identifiers=volume)
    assert counts(ingest(library, [one, two], source="eccv"))["added"] == 2
    translated = replace(one, title="Unterdrückte Salienz in Filmen")
    unsigned = replace(two, title="Compressing pictures", authors=())
    assert counts(ingest(library, [translated], source="elsewhere"))["merged"] == 1
    assert counts(ingest(library, [unsigned], source="a third"))["merged"] == 1
    assert library.count() == 2
    three = replace(two, title="Neural radiance fields", authors=(Author("Ma", "L."),))
    assert counts(ingest(library, [three], source="a fourth")) == {"added": 1}
    assert library.check() == []


def test_an_unsigned_record_of_a_volume_joins_the_paper_of_its_title(library: Library) -> None:
    ingest(library, [paper(title, "doi:10.1000/volume", author=name) for title, name in VOLUME], source="a")
    before = content(library)
    copies = [replace(paper(title, "doi:10.1000/volume"), authors=()) for title, _ in VOLUME]
    report = ingest(library, copies, source="b")
    assert counts(report) == {"merged": len(VOLUME)}
    assert [stored.sources for stored in library.all()] == [("a", "b")] * len(VOLUME)
    assert titles(library) == sorted(title for title, _ in VOLUME)
    library.undo_import(report.import_id)
    assert content(library) == before


def test_a_new_state_of_a_paper_of_a_volume_updates_that_paper(library: Library) -> None:
    records = [paper(title, "doi:10.1000/volume", author=name) for title, name in VOLUME]
    ingest(library, records, source="a")
    changed = [replace(record, abstract=f"On {record.title}.") for record in records]
    assert counts(ingest(library, changed, source="a")) == {"updated": len(VOLUME)}
    assert [stored.paper.abstract for stored in library.all()] == [record.abstract for record in changed]
    assert library.check() == []


def test_undoing_keeps_apart_what_an_unsigned_record_of_their_volume_matched(library: Library) -> None:
    unsigned = ingest(library, [replace(paper("Proceedings", "doi:10.1000/volume"), authors=())], source="a")
    for (title, name), source in zip(VOLUME, "bcd", strict=True):
        ingest(library, [paper(title, "doi:10.1000/volume", author=name)], source=source)
    assert library.count() == len(VOLUME)
    library.undo_import(unsigned.import_id)
    assert titles(library) == sorted(title for title, _ in VOLUME)
    assert library.check() == []


def test_unmerged_papers_are_kept_apart(library: Library) -> None:
    ingest(library, [A], source="a.bib")
    ingest(library, [B], source="b.ris")
    assert [stored.key for stored in library.unmerge("vaswani17")] == ["vaswani17", "1706"]
    assert titles(library) == sorted([A.title, B.title])
    assert library.merges()[0].undone_at
    both = [A, B, replace(BRIDGE, key="")]
    assert counts(ingest(library, both[:1], source="a.bib")) == {"unchanged": 1}
    assert counts(ingest(library, both[1:2], source="b.ris")) == {"unchanged": 1}
    assert counts(ingest(library, [BRIDGE], source="c.ris")) == {"merged": 1}
    assert library.count() == 2
    assert library.check() == []
    with pytest.raises(LibraryError, match="Nothing was merged into '1706'"):
        library.unmerge("1706")


def test_a_later_state_goes_with_its_record_when_it_is_unmerged(library: Library) -> None:
    ingest(library, [A], source="a.bib")
    ingest(library, [B], source="b.ris")
    newer = replace(B, abstract="A newer abstract.")
    assert counts(ingest(library, [newer], source="b.ris")) == {"updated": 1}
    library.unmerge(1)
    apart = library.paper("1706")
    assert apart is not None
    assert apart.paper == newer
    assert counts(ingest(library, [replace(newer, year=2019)], source="b.ris")) == {"updated": 1}
    assert library.count() == 2
    assert library.check() == []


def test_unmerging_asks_which_where_there_are_several(library: Library) -> None:
    for source, year in (("a", 2017), ("b", 2018), ("c", 2019)):
        ingest(library, [replace(A, year=year)], source=source)
    with pytest.raises(LibraryError) as several:
        library.unmerge("vaswani17")
    assert "1, 2" in several.value.hint
    with pytest.raises(LibraryError):
        library.unmerge(99)
    with pytest.raises(LibraryError):
        library.unmerge("nobody")


def test_undoing_an_import_in_the_middle_leaves_the_others(library: Library) -> None:
    reports = [
        ingest(library, [record, OTHER], source=name) for record, name in ((A, "a"), (B, "b"), (A, "c"))
    ]
    library.undo_import(reports[0].import_id)
    stored = library.paper("vaswani17")
    assert stored is not None
    assert stored.sources == ("b", "c")
    assert library.count() == 2
    assert library.check() == []
    library.undo_import(reports[2].import_id)
    library.undo_import(reports[1].import_id)
    assert library.count() == 0
    assert library.check() == []
    with pytest.raises(LibraryError, match="Already undone"):
        library.undo_import(reports[1].import_id)
    with pytest.raises(LibraryError, match="no import"):
        library.undo_import(99)


def test_ids_are_never_used_again(library: Library) -> None:
    report = ingest(library, [A], source="a")
    library.undo_import(report.import_id)
    ingest(library, [A], source="a")
    assert [(stored.id, stored.key) for stored in library.all()] == [(2, "vaswani17")]


def test_undoing_takes_off_the_labels_of_that_import_alone(library: Library) -> None:
    ingest(library, [A], source="a", tags=["first"])
    library.tag(["vaswani17"], ["mine"])
    report = ingest(library, [B], source="b", tags=["first", "mine", "second"], collections=["c"])
    stored = library.paper("vaswani17")
    assert stored is not None
    assert (stored.tags, stored.collections) == (("first", "mine", "second"), ("c",))
    library.undo_import(report.import_id)
    stored = library.paper("vaswani17")
    assert stored is not None
    assert (stored.tags, stored.collections) == (("first", "mine"), ())


def test_rejected_records_are_counted_and_kept(library: Library) -> None:
    bad = [Rejected(number, None, "no title", "raw") for number in range(3)]
    report = ingest(library, [bad[0], A, *bad[1:]], source="a")
    assert counts(report) == {"added": 1, "rejected": 3}
    assert report.problems == tuple(bad)


def test_a_record_that_no_database_takes_is_rejected_alone(library: Library) -> None:
    report = ingest(library, [OTHER, replace(A, title="Half a \ud800"), replace(B, year=10**30)], source="a")
    assert counts(report) == {"added": 1, "rejected": 2}
    assert [problem.number for problem in report.problems] == [2, 3]


def test_a_file_that_breaks_off_is_kept_as_far_as_it_goes(library: Library) -> None:
    def records() -> Iterator[Paper]:
        yield A
        yield Rejected(2, 5, "no title", "raw")
        raise ImportFileError("The file ends in the middle.")

    report = ingest(library, records(), source="a")
    assert counts(report) == {"added": 1, "rejected": 1}
    assert report.damage is not None
    assert report.damage.message == "The file ends in the middle."
    assert library.count() == 1
    assert library.imports()[0].read == 2


def test_undoing_an_import_that_joined_contradicting_papers_parts_them_again(library: Library) -> None:
    title = "Attention is all you need"
    first = [
        paper(title, "doi:10.1000/a", "arxiv:1", key="k1"),
        paper(title, "doi:10.1000/a", "arxiv:2", key="k2"),
        paper(title, "doi:10.1000/a", "pmid:1", key="k3"),
    ]
    assert counts(ingest(library, first, source="a")) == {"added": 2, "merged": 1}
    before = content(library)
    joining = ingest(library, [paper(title, "arxiv:1", "arxiv:2")], source="b")
    assert library.count() == 1
    library.undo_import(joining.import_id)
    assert content(library) == before


def test_a_paper_that_was_split_off_stays_itself_when_a_later_import_is_undone(library: Library) -> None:
    ingest(library, [paper("Attention is all you need", "arxiv:1")], source="a")
    joining = ingest(library, [paper("Attention is all you need", "arxiv:1", "doi:10.1000/a")], source="b")
    ingest(library, [paper("Another title of it", "doi:10.1000/a")], source="c")
    library.undo_import(joining.import_id)
    [other] = [stored for stored in library.all() if stored.paper.title == "Another title of it"]
    library.tag([other.key], ["mine"])
    later = ingest(library, [paper("Another title of it", "doi:10.1000/a", "pmid:1")], source="d")
    library.undo_import(later.import_id)
    [still] = [stored for stored in library.all() if stored.paper.title == "Another title of it"]
    assert (still.id, still.key, still.tags) == (other.id, other.key, ("mine",))


def test_a_later_state_leaves_with_the_earlier_one_when_their_paper_is_parted(library: Library) -> None:
    title = "Attention is all you need"
    first = [
        paper(title, "arxiv:1"),
        paper(title, "doi:10.1000/a", year=2021),
        paper(title, "arxiv:1", year=2019),
    ]
    assert counts(ingest(library, first, source="a")) == {"added": 2, "merged": 1}
    [absorbing] = [merge.id for merge in library.merges() if merge.absorbed]
    ingest(library, [paper(title, "doi:10.1000/a", year=2021, abstract="Later.")], source="a")
    library.unmerge(absorbing)
    assert {stored.paper.abstract: stored.paper.year for stored in library.all()} == {
        "": 2019,
        "Later.": 2021,
    }
    assert library.check() == []


def test_a_merge_into_a_paper_that_was_absorbed_itself_can_be_undone(library: Library) -> None:
    title = "Attention is all you need"
    ingest(library, [paper(title, "arxiv:1"), paper(title, "doi:10.1000/a", author="He")], source="a")
    ingest(library, [paper("Another title", "doi:10.1000/a", author="He")], source="b")
    ingest(library, [paper(title, "arxiv:1", "doi:10.1000/a")], source="c")
    assert library.count() == 1
    [first] = [merge for merge in library.merges() if merge.source == "b"]
    assert first.key == next(library.all()).key
    library.unmerge(first.id)
    assert titles(library) == ["Another title", title]
    assert library.check() == []


def test_a_confirmation_lasts_until_its_merge_is_undone(library: Library) -> None:
    ingest(library, [A], source="a")
    again = ingest(library, [B], source="b")
    [merge] = library.merges()
    assert not merge.is_settled
    assert library.confirm_merges([merge.id]) == 1
    said = library.merges()[0].confirmed_at
    assert said
    ingest(library, [B], source="b")
    library.confirm_merges(["vaswani17"])
    [merge] = library.merges()
    assert merge.confirmed_at == said, "neither adding nor confirming again changes it"
    library.undo_import(again.import_id)
    [merge] = library.merges()
    assert (bool(merge.undone_at), merge.confirmed_at) == (True, "")
    ingest(library, [B], source="b")
    [*_, anew] = library.merges()
    assert not anew.is_settled, "another merge, to be looked at"
    library.confirm_merges([anew.id])
    library.unmerge(anew.id)
    assert [each.confirmed_at for each in library.merges()] == ["", ""]


def test_a_confirmation_moves_with_its_merge_and_can_be_taken_back(library: Library) -> None:
    title = "Attention is all you need"
    ingest(library, [paper(title, "arxiv:1"), paper(title, "doi:10.1000/a", author="He")], source="a")
    ingest(library, [paper("Another title", "doi:10.1000/a", author="He")], source="b")
    library.confirm_merges([library.merges()[0].id])
    ingest(library, [paper(title, "arxiv:1", "doi:10.1000/a")], source="c")
    confirmed = [merge for merge in library.merges() if merge.confirmed_at]
    assert [(merge.source, merge.key) for merge in confirmed] == [("b", next(library.all()).key)]
    assert library.confirm_merges([confirmed[0].id], confirmed=False) == 1
    assert not any(merge.confirmed_at for merge in library.merges())


def test_only_merges_that_stand_can_be_confirmed_all_or_none(library: Library) -> None:
    ingest(library, [A], source="a")
    ingest(library, [B], source="b")
    [merge] = library.merges()
    with pytest.raises(LibraryError, match="no merge 99"):
        library.confirm_merges([merge.id, 99])
    assert library.merges()[0].confirmed_at == ""
    library.unmerge(merge.id)
    with pytest.raises(LibraryError, match="that stands"):
        library.confirm_merges([merge.id])


def test_an_interruption_keeps_what_was_committed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litsearch.ingest.BATCH", 2)

    def records() -> Iterator[Paper]:
        for number in range(5):
            yield paper(f"Paper number {number}")
        raise KeyboardInterrupt

    seen: list[Progress] = []
    report = ingest(library, records(), source="a", on_progress=seen.append)
    assert report.interrupted
    assert counts(report) == {"added": 4}
    assert [progress.done for progress in seen] == [2, 4]
    assert library.count() == 4
    assert library.imports()[0].finished_at == ""


def test_imports_are_listed(library: Library) -> None:
    ingest(library, [A, OTHER], source="a.bib")
    ingest(library, [B], source="b.ris")
    first, second = library.imports()
    assert (first.source, first.read, first.added, first.undone_at) == ("a.bib", 2, 2, "")
    assert (second.source, second.merged) == ("b.ris", 1)
    assert first.finished_at >= first.started_at > "2020"


with_abstracts = records(abstract=st.sampled_from(["", "An abstract."]))
imports = st.lists(st.tuples(st.sampled_from("ab"), st.lists(with_abstracts, max_size=5)), max_size=4)


def content(library: Library) -> list[object]:
    return [
        (stored.key, stored.paper, stored.sources, stored.tags, sorted(stored.paper.identifiers, key=str))
        for stored in library.all()
    ]


@settings(max_examples=60, deadline=None)
@given(imports, st.lists(with_abstracts, max_size=4), st.integers(1, 3))
def test_whatever_comes_it_adds_up_and_undoing_the_last_import_restores(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[str, list[Paper]]],
    last: list[Paper],
    batch: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch, Library.open(tmp_path_factory.mktemp("library")) as library:
        patch.setattr("litsearch.ingest.BATCH", batch)
        for source, papers in before:
            counts(ingest(library, papers, source=source))
        assert library.check() == []
        state = content(library)
        report = ingest(library, last, source="c", tags=["c"])
        assert report.added + len(state) >= library.count()
        again = ingest(library, last, source="c", tags=["c"])
        assert counts(again) in ({"unchanged": len(last)}, {})
        assert library.check() == []
        library.undo_import(again.import_id)
        library.undo_import(report.import_id)
        assert library.check() == []
        assert content(library) == state


@settings(max_examples=40, deadline=None)
@given(st.lists(with_abstracts, min_size=2, max_size=2))
def test_the_order_of_two_records_does_not_change_what_is_known(
    tmp_path_factory: pytest.TempPathFactory, pair: list[Paper]
) -> None:
    known = []
    for order in (pair, pair[::-1]):
        with Library.open(tmp_path_factory.mktemp("library")) as library:
            for number, record in enumerate(order):
                ingest(library, [record], source=str(number))
            known.append({frozenset(stored.paper.identifiers) for stored in library.all()})
    assert known[0] == known[1]


@settings(max_examples=40, deadline=None)
@given(imports)
def test_batches_do_not_change_what_comes_of_records(
    tmp_path_factory: pytest.TempPathFactory, all_imports: list[tuple[str, list[Paper]]]
) -> None:
    states = []
    for batch in (1, 100):
        with (
            pytest.MonkeyPatch.context() as patch,
            Library.open(tmp_path_factory.mktemp("library")) as library,
        ):
            patch.setattr("litsearch.ingest.BATCH", batch)
            outcomes = [counts(ingest(library, papers, source=source)) for source, papers in all_imports]
            states.append((outcomes, content(library)))
    assert states[0] == states[1]


@settings(max_examples=40, deadline=None)
@given(imports, st.data())
def test_undoing_in_any_order_leaves_an_empty_library(
    tmp_path_factory: pytest.TempPathFactory, all_imports: list[tuple[str, list[Paper]]], data: st.DataObject
) -> None:
    with Library.open(tmp_path_factory.mktemp("library")) as library:
        done = [ingest(library, papers, source=source).import_id for source, papers in all_imports]
        for number in data.draw(st.permutations(done)):
            open_merges = [merge.id for merge in library.merges() if not merge.undone_at]
            if open_merges and data.draw(st.booleans()):
                library.unmerge(data.draw(st.sampled_from(open_merges)))
                assert library.check() == []
            library.undo_import(number)
            assert library.check() == []
        assert library.count() == 0
        assert not any(change.document for change in library.changes(0, 1000))
