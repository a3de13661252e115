"""What is done with papers that were selected. Blocking: for thread workers."""

from collections.abc import Sequence
from pathlib import Path

from litsearch.cli.screen import plural
from litsearch.errors import LibraryError
from litsearch.exporters import Format, export
from litsearch.papers import StoredPaper
from tui.desk import Desk

FORMATS: dict[str, Format] = {
    ".bib": "bibtex",
    ".ris": "ris",
    ".json": "csl-json",
    ".csv": "csv",
    ".md": "markdown",
    ".jsonl": "jsonl",
}


def tag(desk: Desk, ids: Sequence[int], text: str) -> str:
    """Gives the papers a tag, or takes it from them where a minus stands before it; what was done."""
    keys, name = _keys(desk, ids), text.strip()
    if name.startswith("-"):
        desk.library.untag(keys, [name[1:].strip()])
        return f"Took the tag {name[1:].strip()} from {plural(len(keys), 'paper')}."
    desk.library.tag(keys, [name])
    return f"Gave the tag {name} to {plural(len(keys), 'paper')}."


def collect(desk: Desk, ids: Sequence[int], text: str) -> str:
    """Puts the papers into a collection, or takes them out where a minus stands before it; what was done."""
    keys, name = _keys(desk, ids), text.strip()
    if name.startswith("-"):
        desk.library.uncollect(keys, [name[1:].strip()])
        return f"Took {plural(len(keys), 'paper')} out of {name[1:].strip()}."
    desk.library.collect(keys, [name])
    return f"Put {plural(len(keys), 'paper')} into {name}."


def as_bibtex(desk: Desk, ids: Sequence[int]) -> tuple[str, int]:
    """The papers, and how many they are. Raises LibraryError where none of them is there any more."""
    papers = _papers(desk, ids)
    return "".join(export(papers, "bibtex")), len(papers)


def save(desk: Desk, ids: Sequence[int], name: str) -> str:
    """Writes the papers to a new file in the format of its name; what was done.

    Raises LibraryError for a name of no format and a file that is there, OSError where it can't be written.
    """
    path = Path(name.strip()).expanduser()
    format = FORMATS.get(path.suffix.lower())  # noqa: A001
    if format is None:
        raise LibraryError(f"{path}: the format is not known.", f"End the name in {', '.join(FORMATS)}.")
    papers = _papers(desk, ids)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.writelines(export(papers, format))
    except FileExistsError:
        raise LibraryError(f"{path}: the file is there already.", "Choose another name.") from None
    return f"Wrote {plural(len(papers), 'paper')} to {path}."


def _keys(desk: Desk, ids: Sequence[int]) -> list[str]:
    return [paper.key for paper in _papers(desk, ids)]


def _papers(desk: Desk, ids: Sequence[int]) -> list[StoredPaper]:
    """Those that are still there. Raises LibraryError where none is."""
    if not (papers := desk.library.papers(list(ids))):
        raise LibraryError("These papers are not in the library any more.", "Search again.")
    return papers
