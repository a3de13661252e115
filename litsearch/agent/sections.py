"""A review beside an answer: its sections, and the papers compared. Values that events carry."""

from dataclasses import dataclass

from litsearch.agent.findings import Sentence, Stance


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of the outline, with the numbers of the claims that it is to tell of."""

    title: str
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it was written and checked: each sentence cites findings of its claims."""

    title: str
    claims: tuple[int, ...]
    sentences: tuple[Sentence, ...]

    @property
    def written(self) -> bool:
        """Whether it is a text: quotes by themselves end with their quotation marks."""
        return not all(sentence.text.endswith("”") for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Study:
    """A paper in the table that compares them, in its own words; empty where it does not say."""

    id: int
    key: str
    population: str
    method: str
    sample: str
    design: str
    stance: Stance  # of all its findings together
    retracted: bool


@dataclass(frozen=True, slots=True)
class Review:
    """``limits`` says in plain words what the review does not know, the extent of the search included."""

    sections: tuple[Section, ...]
    studies: tuple[Study, ...]
    limits: str
