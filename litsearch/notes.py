"""What a person noted of papers: one text for each."""

from typing import TYPE_CHECKING

from litsearch.clock import now

if TYPE_CHECKING:
    from litsearch.library import Library

# A paper that was merged into another keeps its note, so that it has it again when they are parted.
_THESE = "SELECT id FROM papers WHERE id = ?1 OR merged_into = ?1"
_READ = f"SELECT text FROM notes WHERE paper IN ({_THESE}) ORDER BY paper = ?1 DESC, paper"
_FORGET = f"DELETE FROM notes WHERE paper IN ({_THESE})"


def note(library: "Library", paper: int) -> str:
    """What was noted of the paper, and of those merged into it; empty where nothing was."""
    with library.snapshot() as reader:
        return "\n\n".join(text for (text,) in reader.execute(_READ, (paper,)))


def write_note(library: "Library", paper: int, text: str) -> None:
    """In the place of what was noted before; an empty text is no note."""
    with library.transaction() as writer:
        writer.execute(_FORGET, (paper,))
        if text.strip():
            writer.execute("INSERT INTO notes (paper, text, at) VALUES (?, ?, ?)", (paper, text, now()))
