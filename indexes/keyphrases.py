"""What a paper is about in a few phrases: the heaviest concepts and words of its sparse vector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexes import analysis
from indexes.encoders import SparseEncoder
from indexes.types import Document


@dataclass(frozen=True, slots=True)
class Keyphrase:
    """``weight`` is what a search for the phrase would find in the paper; ``stands`` is False for one that
    the encoder foretells and the text does not have."""

    phrase: str
    weight: float
    stands: bool


def keyphrases(
    document: Document, impacts: Mapping[int, float], idf: Mapping[int, float], encoder: SparseEncoder
) -> Sequence[Keyphrase]:
    """Heaviest first, a word that is part of a heavier phrase left out; ``idf`` is of the impacts' tokens."""
    standing = encoder.spell(document.text)
    weights: dict[str, float] = {}
    for token, impact in impacts.items():
        name = standing.get(token) or encoder.token(token)
        if not name.startswith("##"):  # a foretold piece of a word is no word
            weights[name] = max(weights.get(name, 0.0), impact * idf[token])
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    texts = set(standing.values())
    taken: set[str] = set()
    found = []
    for name, weight in ordered:
        stems = set(analysis.stems(name))
        if weight > 0 and stems and not stems <= taken:
            taken |= stems
            found.append(Keyphrase(name, weight, name in texts))
    return found
