"""Words that papers add to a query of the BM25 leg, as :mod:`indexes.feedback` weighs them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from indexes import analysis
from indexes.feedback import as_expansion, rm3, rocchio, telling
from indexes.lexical import LexicalLeg
from indexes.types import Document, MatchedTerm, Scored, Source


def from_best(
    lexical: LexicalLeg, source: Source, text: str, best: Sequence[Scored]
) -> tuple[MatchedTerm, ...]:
    """What the best papers that a text found add to it."""
    documents = source.documents([document for document, _ in best])
    judged = [(documents[document], score) for document, score in best if document in documents]
    bags, surface = _bags([document for document, _ in judged])
    counts = list(zip(_telling(lexical, bags), (score for _, score in judged), strict=True))
    return as_expansion(rm3(Counter(analysis.question_stems(text)), counts), surface)


def from_relevant(lexical: LexicalLeg, source: Source, like: Sequence[int]) -> tuple[MatchedTerm, ...]:
    """The words of papers known to be relevant."""
    documents = source.documents(like)
    bags, surface = _bags([documents[each] for each in like if each in documents])
    return as_expansion(rocchio(_telling(lexical, bags), lexical.idf), surface)


def _telling(lexical: LexicalLeg, bags: Sequence[Mapping[str, int]]) -> list[dict[str, int]]:
    terms = {term for bag in bags for term in bag}
    kept = telling(terms, lexical.frequency, lexical.coverage().documents)
    return [{term: bag[term] for term in bag if term in kept} for bag in bags]


def _bags(documents: Sequence[Document]) -> tuple[list[Counter[str]], dict[str, str]]:
    """The stems of each document, and for each stem the word that most often stands for it."""
    written: dict[str, Counter[str]] = {}
    bags = []
    for document in documents:
        bag: Counter[str] = Counter()
        for word, count in Counter(analysis.words(document.text)).items():
            for stem in analysis.stems(word):
                bag[stem] += count
                written.setdefault(stem, Counter())[word] += count
        bags.append(bag)
    surface = {stem: min(words, key=lambda word: (-words[word], word)) for stem, words in written.items()}
    return bags, surface
