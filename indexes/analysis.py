"""How text becomes terms: one folding for indexing, querying, highlighting and spelling.

Python does what Tantivy's filters can't (Unicode folding in every script, n-grams for scripts written
without spaces), Tantivy the rest (splitting, lower case, Latin letters to ASCII, stemming). Both are pure
functions of the text, so that index and query can't drift apart.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations

import tantivy

# Tokenizer names, as the schemas of both Tantivy legs refer to them.
STEMS = "stems"  # free text: stop words out, English stems
WORDS = "words"  # exact words: phrases, prefixes, spelling
TERMS = "terms"  # terms already made by Python, split at spaces
_QUESTION = "question"  # stems, without question words too

MOST_PAIRED = 32  # words of one name; a longer one is no name
LONGEST_TERM = 80  # bytes; what is longer is no word (a base64 blob, a URL's tail)

_STOP_WORD_LIST = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they
this to was will with
"""
STOP_WORDS: frozenset[str] = frozenset(_STOP_WORD_LIST.split())

# Left out of questions, though not of the index: nDCG@10 on CISI .314 to .331, on Cranfield .359 to .368.
_QUESTION_WORD_LIST = """
about also between can could did do does from had has have he her his how i its may might our s she should t
than them we were been being what when where which who whom whose why would you your
"""
QUESTION_WORDS: frozenset[str] = STOP_WORDS.union(_QUESTION_WORD_LIST.split())

_VOICING = 8  # combining class of the kana voicing marks: が is not か
_IGNORED = dict.fromkeys(
    map(ord, "\u00ad\u0640\u200b\u200c\u200d\u2060\ufeff"), ""
)  # soft hyphen, tatweel, joiners

# Scripts whose words are not set apart by spaces (Korean sets them apart, but glues particles to them).
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005\u3041-\u3096\u309d-\u309f\u30a1-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3"  # Hangul
)
_RUN = re.compile(f"[{UNSPACED}]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


class _Folding(dict[int, str]):
    """Character to its folded form, filled in as characters are met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code).casefold())
        kept = "".join(c for c in decomposed if unicodedata.combining(c) in (0, _VOICING))
        folded = unicodedata.normalize("NFC", kept)
        self[code] = folded
        return folded


_FOLDING = _Folding(_IGNORED)


def fold(text: str) -> str:
    """Lower case without accents, ligatures and compatibility forms; Hangul and kana stay composed.

    Latin letters that decompose into nothing simpler (ø, ł, đ) are left to Tantivy's filter.
    """
    return fold_case_kept(text).lower()


def fold_case_kept(text: str) -> str:
    """:func:`fold` that leaves ASCII letters as they are, for Tantivy to lower."""
    # A mark that combines with an ASCII letter is dropped anyway, so stretches can be folded apart.
    return text if text.isascii() else _BEYOND_ASCII.sub(lambda part: _fold_part(part[0]), text)


@lru_cache(maxsize=4096)  # most are dashes, quotes and single accented letters
def _fold_part(part: str) -> str:
    return unicodedata.normalize("NFC", part).translate(_FOLDING)


def searchable(text: str, *, query: bool = False) -> str:
    """Text for Tantivy to split and lower: folded, runs of unspaced scripts as overlapping pairs.

    In the index a run ends with its last character alone, so that every single character begins some
    term and a query of one character is a prefix query. In a query the run may end inside a run of the
    text, so it ends with its last pair.
    """
    folded = fold_case_kept(text)
    if folded.isascii() or not _RUN.search(folded):
        return folded
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0], query))} ", folded)


def paired(folded: str) -> tuple[str, list[int]]:
    """Folded text as :func:`searchable` has it, and for each character its place in the folded text."""
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for run in _RUN.finditer(folded):
        pieces.append(folded[done : run.start()])
        origin += range(done, run.start())
        for at, pair in enumerate(_pairs(run[0], query=False), run.start()):
            pieces.append(f" {pair}")
            origin += [at, *range(at, at + len(pair))]
        pieces.append(" ")
        origin.append(run.end() - 1)
        done = run.end()
    pieces.append(folded[done:])
    origin += range(done, len(folded))
    return "".join(pieces), origin


def _pairs(run: str, query: bool) -> list[str]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return pairs if query and pairs else [*pairs, run[-1]]


def is_lone(term: str) -> bool:
    """Whether a query's term is a single character of an unspaced script, to be matched as a prefix."""
    return len(term) == 1 and _RUN.match(term) is not None


@cache
def analyser(name: str) -> tantivy.TextAnalyzer:
    """The Tantivy half of the analysis, by tokenizer name."""
    if name == TERMS:
        return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(LONGEST_TERM))
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    if name in (STEMS, _QUESTION):
        unwanted = STOP_WORDS if name == STEMS else QUESTION_WORDS
        builder = builder.filter(tantivy.Filter.custom_stopword(sorted(unwanted)))
        builder = builder.filter(tantivy.Filter.stemmer("english"))
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Tantivy forgets custom tokenizers when an index is closed: call this after every open."""
    for name in (STEMS, WORDS, TERMS):
        index.register_tokenizer(name, analyser(name))


def words(text: str, *, query: bool = False) -> list[str]:
    """Exact words of a text, as the index has them, or as a query asks for them."""
    return analyser(WORDS).analyze(searchable(text, query=query))


def stems(text: str, *, query: bool = False) -> list[str]:
    """Stemmed words of a text without stop words, as the ranking field has them."""
    return analyser(STEMS).analyze(searchable(text, query=query))


def question_stems(text: str) -> list[str]:
    """Stemmed words that a free-text query ranks by, repetitions included."""
    return analyser(_QUESTION).analyze(searchable(text, query=True))


def is_stop_word(text: str) -> bool:
    """Whether a text consists of words that a free-text query leaves out."""
    return not question_stems(text)


def phrase_words(text: str) -> list[str]:
    """Words of a phrase, one for each position as the index counts them."""
    found = words(text)
    # Inside a phrase a run of characters ends where the text's own run ends; at its end it need not.
    ends_inside_run = (
        len(found) > 1 and is_lone(found[-1]) and found[-2].endswith(found[-1]) and len(found[-2]) == 2
    )
    return found[:-1] if ends_inside_run else found


def name_terms(names: Sequence[str], *, query: bool = False) -> list[str]:
    """Terms of a field of several names: each word, and each pair of words that share a name.

    With the pairs a query for all words of one name needs no positions: ``jane smith`` does not match
    a paper by Jane Doe and John Smith.
    """
    terms: dict[str, None] = {}
    for name in names:
        own = sorted(set(words(name, query=query)))
        terms.update(dict.fromkeys(own))
        paired = [word for word in own if not (query and is_lone(word))][:MOST_PAIRED]
        terms.update(dict.fromkeys(f"{first}+{second}" for first, second in combinations(paired, 2)))
    return list(terms)
