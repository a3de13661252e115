"""Evidence and what is written from it: quotes, findings, claims, sentences. Values that events carry."""

from dataclasses import dataclass
from typing import Literal

Stance = Literal["supports", "contradicts", "mixed", "background", "unjudged"]
"""unjudged: nobody who understands the words compared the quote with the question."""
Judge = Literal["model", "program"]
Status = Literal["supported", "quoted", "unverified"]
"""supported: an entailment verdict says so. quoted: the quotes are checked, no more. unverified: neither."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A checked stretch of a paper's stored text: ``text == field[start:end]``, in characters."""

    id: int
    key: str
    field: Literal["title", "abstract"]
    start: int
    end: int
    text: str
    is_summary: bool  # from litsearch's summary of the paper, not from the paper


@dataclass(frozen=True, slots=True)
class Strength:
    """What a paper's own record says of how strong its evidence is; empty where it does not say."""

    design: str = ""  # randomised trial, review, ...
    sample: int | None = None  # people, animals, or for a review studies
    sampled: str = ""  # the same as the paper writes it: 197 patients
    model: str = ""  # "in animals" or "in vitro", where it speaks of no people
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """``population`` and ``method`` are words of the paper, empty where none were given that it has."""

    number: int  # 1-based in the run
    claim: str
    quote: Quote
    stance: Stance  # towards the question
    judge: Judge
    population: str = ""
    method: str = ""
    strength: Strength = Strength()


@dataclass(frozen=True, slots=True)
class Claim:
    """Findings that speak of the same, by their numbers, each on its side. Each finding is in one claim.

    ``others`` have no side: they are only about it, or nobody judged. ``sides`` says who told the sides
    apart, None where nobody did.
    """

    number: int  # 1-based in the run
    text: str
    supports: tuple[int, ...] = ()
    contradicts: tuple[int, ...] = ()
    mixed: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    sides: Judge | None = None

    @property
    def findings(self) -> tuple[int, ...]:
        return (*self.supports, *self.contradicts, *self.mixed, *self.others)

    @property
    def contested(self) -> bool:
        """Papers stand on both sides of it, or one says both."""
        return bool(self.mixed or (self.supports and self.contradicts))


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that failed a check, and which one."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the numbers of the findings it cites."""

    text: str
    findings: tuple[int, ...]
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Citation recall and precision as ALCE defines them (Gao et al. 2023), over the drafted sentences that
    a judge compared with their quotes, refused ones included.

    Recall is the share of sentences that their quotes entail together. A citation is precise where its
    sentence is entailed, and it either entails the sentence alone or the others do not without it.
    """

    sentences: int
    citations: int
    recall: float
    precision: float
    judge: str  # the model, or the classifier

    def joined(self, other: "Attribution | None") -> "Attribution":
        """Of both drafts together."""
        if other is None:
            return self
        sentences, citations = self.sentences + other.sentences, self.citations + other.citations
        entailed = self.recall * self.sentences + other.recall * other.sentences
        precise = self.precision * self.citations + other.precision * other.citations
        return Attribution(sentences, citations, entailed / sentences, precise / citations, other.judge)


@dataclass(frozen=True, slots=True)
class Reference:
    number: int  # 1-based, in order of first citation; what [1] in the text means
    id: int
    key: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    identifiers: tuple[str, ...]
    url: str
    is_summary: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was looked at, in counts; ``statement`` says it in plain words and claims no more.

    ``recall`` and ``unseen`` are None where no model judged, or nothing relevant.
    """

    papers: int
    queries: int
    found: int  # distinct papers
    judged: int
    relevant: int
    findings: int
    legs: tuple[str, ...]
    statement: str
    recall: float | None = None  # of the relevant papers among those found, the share judged, at least
    added: int = 0  # papers that are evidence only because the draft was doubted
    unseen: float | None = None  # relevant papers that no search found, an estimate from below
