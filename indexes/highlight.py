"""Where a text has the words of a query, in characters, by the same analysis that found it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import tantivy

from indexes import analysis
from indexes.analysis import STEMS, WORDS
from indexes.types import Span

_JAMO = range(0x1160, 0x1200)  # vowels and finals, which join the syllable before them


@dataclass(frozen=True, slots=True)
class _Token:
    term: str
    start: int
    end: int
    first_end: int  # of its first character, which is all that a lone character asks for

    def end_for(self, term: str) -> int:
        return self.first_end if analysis.is_lone(term) else self.end


@dataclass(frozen=True, slots=True)
class _Wanted:
    words: frozenset[str]  # as they stand, where they have no stem
    stems: frozenset[str]
    prefixes: tuple[str, ...]
    phrases: tuple[tuple[tuple[str, ...], bool], ...]  # words, and whether the last is a prefix


def highlight(text: str, words: Iterable[str]) -> list[Span]:
    """The places of the words, sorted, disjoint, joined where they touch.

    A word stands for all its forms; ``trunc*`` for all words that begin so; several words in one string
    are a phrase (its last word may end in a star). See :func:`indexes.querylang.words`.
    """
    wanted = _read(words)
    if not (wanted.words or wanted.stems or wanted.prefixes or wanted.phrases):
        return []
    searchable, starts, ends = _aligned(text)
    found: list[Span] = []
    if wanted.stems:
        stemmed = _tokens(STEMS, searchable, starts, ends)
        found += [Span(token.start, token.end) for token in stemmed if token.term in wanted.stems]
    if wanted.words or wanted.prefixes or wanted.phrases:
        found += _exact(_tokens(WORDS, searchable, starts, ends), wanted)
    return list(_joined(found))


def _read(words: Iterable[str]) -> _Wanted:
    exact: set[str] = set()
    stems: set[str] = set()
    prefixes: set[str] = set()
    phrases: dict[tuple[tuple[str, ...], bool], None] = {}
    for word in words:
        parts = analysis.phrase_words(word)
        is_prefix = word.rstrip().endswith("*") or bool(parts and analysis.is_lone(parts[-1]))
        if len(parts) > 1:
            phrases[tuple(parts), is_prefix] = None
        elif is_prefix:
            prefixes.update(parts)
        elif parts:
            stemmed = analysis.stems(parts[0], query=True)
            stems.update(stemmed)
            exact.update(parts if not stemmed else ())
    return _Wanted(frozenset(exact), frozenset(stems), tuple(prefixes), tuple(phrases))


def _exact(tokens: Sequence[_Token], wanted: _Wanted) -> Iterator[Span]:
    for at, token in enumerate(tokens):
        if token.term in wanted.words:
            yield Span(token.start, token.end)
        for prefix in wanted.prefixes:
            if token.term.startswith(prefix):
                yield Span(token.start, token.end_for(prefix))
        for phrase, is_prefix in wanted.phrases:
            if _has_phrase(tokens, at, phrase, is_prefix):
                yield Span(token.start, tokens[at + len(phrase) - 1].end_for(phrase[-1]))


def _has_phrase(tokens: Sequence[_Token], at: int, phrase: tuple[str, ...], is_prefix: bool) -> bool:
    if tokens[at].term != phrase[0] or at + len(phrase) > len(tokens):
        return False
    *middle, last = [token.term for token in tokens[at : at + len(phrase)]]
    return middle == list(phrase[:-1]) and (last.startswith(phrase[-1]) if is_prefix else last == phrase[-1])


def _tokens(name: str, searchable: str, starts: Sequence[int], ends: Sequence[int]) -> list[_Token]:
    tokens: list[tantivy.Token] = analysis.analyser(name).pre_tokenize(searchable).tokens
    return [
        _Token(token.text, starts[start], ends[token.char_offset_to - 1], ends[start])
        for token in tokens
        for start in (token.char_offset_from,)
    ]


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if current is None or span.start > current.end:
            if current:
                yield current
            current = span
        else:
            current = Span(current.start, max(current.end, span.end))
    if current:
        yield current


def _aligned(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text as the index has it, and for each of its characters where that one came from."""
    if text.isascii():
        return text, range(len(text)), range(1, len(text) + 1)
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        part = analysis.fold_case_kept(text[start:end])
        folded.append(part)
        starts += [start] * len(part)
        ends += [end] * len(part)
    searchable, origin = analysis.paired("".join(folded))
    return searchable, [starts[at] for at in origin], [ends[at] for at in origin]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Characters with the marks that combine with them: the pieces that fold by themselves."""
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and (unicodedata.category(text[at])[0] == "M" or ord(text[at]) in _JAMO):
            continue
        yield start, at
        start = at
