"""What is noted of papers."""

from pathlib import Path

from shelf import PAPERS

from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.notes import note, write_note
from litsearch.papers import Author, Identifier, Paper


def test_a_note_is_kept_replaced_and_taken_away(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        ingest(library, PAPERS[:2], source="made up")
        assert note(library, 1) == ""
        write_note(library, 1, "Read this again.")
        write_note(library, 1, "Read.\n\nTwice.")
    with Library.open(tmp_path) as library:
        assert (note(library, 1), note(library, 2)) == ("Read.\n\nTwice.", "")
        write_note(library, 1, "  ")
        assert note(library, 1) == ""


def test_notes_of_papers_that_become_one_are_read_together_and_part_again(tmp_path: Path) -> None:
    doi, arxiv = Identifier("doi", "10.1000/one"), Identifier("arxiv", "2101.00001")
    author = (Author("Amsel", "Ada"),)
    one = Paper("On expansion of queries", authors=author, year=2019, identifiers=(doi,), key="a")
    other = Paper("Expanding: a preprint", authors=author, year=2021, identifiers=(arxiv,), key="b")
    both = Paper("On expansion of queries", authors=author, year=2019, identifiers=(doi, arxiv), key="c")
    with Library.open(tmp_path) as library:
        ingest(library, [one, other], source="made up")
        ids = [paper.id for paper in library.all()]
        for paper, text in zip(ids, ("of one", "of the other"), strict=True):
            write_note(library, paper, text)
        ingest(library, [both], source="both")
        [left] = library.all()
        assert note(library, left.id) == "of one\n\nof the other"
        library.unmerge(library.merges()[-1].id)
        assert {note(library, paper.id) for paper in library.all()} == {"of one", "of the other"}
