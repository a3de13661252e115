"""Words that the best documents of a first search add to the query. Pure: counts in, weights out.

Weights are relative to a query word's 1.0, as :class:`indexes.types.Query` wants its expansion.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from indexes.types import MatchedTerm

Counts = Mapping[str, float]  # how often a document, or a query, has each term

EVERYWHERE = 0.1  # a term in more than this share of all documents tells nothing


def rm3(
    query: Counts, documents: Sequence[tuple[Counts, float]], *, original: float = 0.7, terms: int = 20
) -> dict[str, float]:
    """RM3 (Abdul-Jaleel et al. 2004, the most robust in Lv and Zhai 2009): extra weight of each term.

    The relevance model is the mean of the documents' language models, weighted by their scores; it is
    cut to its heaviest terms and mixed with the query, which keeps the share ``original``. The extra
    weight is in units of the weight that one query word has in the mixture.
    """
    whole = math.fsum(score for _, score in documents if score > 0)
    model: dict[str, float] = defaultdict(float)
    for counts, score in documents:
        length = math.fsum(counts.values())
        if score > 0 and length > 0:
            for term, count in counts.items():
                model[term] += score / whole * count / length
    heaviest = _heaviest(model, terms)
    mass = math.fsum(heaviest.values())
    words = math.fsum(query.values()) or 1.0
    gain = (1.0 - original) / original * words
    return {term: weight / mass * gain for term, weight in heaviest.items()} if mass else {}


def rocchio(
    documents: Sequence[Counts], idf: Callable[[str], float], *, weight: float = 0.75, terms: int = 30
) -> dict[str, float]:
    """Rocchio's positive feedback (1971): the centroid of the documents' unit tf·idf vectors.

    The heaviest term gets ``weight``, so that against a query word of 1.0 the query stays in front.
    """
    centroid: dict[str, float] = defaultdict(float)
    for counts in documents:
        vector = {term: (1.0 + math.log(count)) * idf(term) for term, count in counts.items() if count > 0}
        length = math.sqrt(math.fsum(value * value for value in vector.values())) or 1.0
        for term, value in vector.items():
            centroid[term] += value / length
    heaviest = _heaviest(centroid, terms)
    top = max(heaviest.values(), default=0.0)
    return {term: weight * value / top for term, value in heaviest.items()} if top > 0 else {}


def telling(terms: Iterable[str], frequency: Callable[[str], int], documents: int) -> set[str]:
    """Terms fit for an expansion: words and not numbers, and not to be found everywhere."""
    most = max(documents * EVERYWHERE, 10)
    return {term for term in terms if len(term) > 1 and not term.isdigit() and 0 < frequency(term) <= most}


def as_expansion(weights: Mapping[str, float], surface: Mapping[str, str]) -> tuple[MatchedTerm, ...]:
    """Weighted terms as an expansion, heaviest first, each under a word that people can read."""
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(MatchedTerm(surface.get(term, term), weight) for term, weight in ordered if weight > 0)


def _heaviest(weights: Mapping[str, float], count: int) -> dict[str, float]:
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:count])
