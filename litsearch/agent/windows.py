"""Long texts cut into windows that a model reads one at a time."""

from indexes.types import Span
from litsearch.agent.quotes import count_words
from litsearch.agent.sentences import split

MOST = 12  # windows of one text: what comes later is not read


def windows(text: str, words: int) -> list[Span]:
    """Stretches of at most so many words, each from the start of a sentence; the last sentence of one is the
    first of the next, so that two neighbours are always seen together. One empty stretch for an empty text.
    """
    pieces = [part for span in split(text) for part in _halved(text, span, words)]
    found: list[Span] = []
    start, size = 0, 0  # of the window that grows: its first piece, and its words
    sizes = [count_words(text[piece.start : piece.end]) for piece in pieces]
    for at, more in enumerate(sizes):
        if size and size + more > words:
            found.append(Span(pieces[start].start, pieces[at - 1].end))
            overlaps = start < at - 1 and sizes[at - 1] + more <= words
            start, size = (at - 1, sizes[at - 1]) if overlaps else (at, 0)
        size += more
    if pieces:
        found.append(Span(pieces[start].start, pieces[-1].end))
    return found[:MOST] or [Span(0, 0)]


def _halved(text: str, span: Span, words: int) -> list[Span]:
    """A sentence that is longer than a window, cut in the middle until its parts fit."""
    if count_words(text[span.start : span.end]) <= words:
        return [span]
    middle = (span.start + span.end) // 2
    space = text.find(" ", middle, span.end)
    cut = space if space > 0 else middle
    if cut in (span.start, span.end):
        return [span]
    return _halved(text, Span(span.start, cut), words) + _halved(text, Span(cut, span.end), words)
