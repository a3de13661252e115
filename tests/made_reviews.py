"""Made-up results of reviews, to write folders from."""

from dataclasses import replace

from litsearch.agent.events import (
    Answered,
    Claim,
    Extent,
    Finding,
    Quote,
    Reference,
    Sentence,
    Spent,
    Stance,
    Strength,
)
from litsearch.papers import Author, Identifier, Paper, StoredPaper
from litsearch.review.protocol import ExtractedField, Protocol, Question, Scope, Screening, Search
from litsearch.review.result import (
    Cell,
    ExtractedPaper,
    Flow,
    Manifest,
    PromptUsed,
    QuestionResult,
    ReviewResult,
    ScreenedPaper,
)

STANCES: tuple[Stance, ...] = ("supports", "contradicts", "mixed", "background", "unjudged")


def stored(number: int, title: str = "", abstract: str = "") -> StoredPaper:
    return StoredPaper(
        number,
        f"amsel{2000 + number}",
        Paper(
            title or f"Study {number} of expansion",
            abstract or f"Expansion number {number} helped in all cases. It was slow.",
            (Author("Amsel", "Ada"), Author("Birke", "Bo")),
            2000 + number,
            "Journal of Made-up Results",
            identifiers=(Identifier("doi", f"10.1000/{number}"),),
        ),
    )


def quote(paper: StoredPaper) -> Quote:
    """The first sentence of the abstract."""
    text = paper.paper.abstract
    end = text.index(".") + 1 if "." in text else len(text)
    return Quote(paper.id, paper.key, "abstract", 0, end, text[:end], is_summary=False)


def reference(number: int, paper: StoredPaper) -> Reference:
    return Reference(
        number,
        paper.id,
        paper.key,
        paper.paper.title,
        tuple(author.name for author in paper.paper.authors),
        paper.paper.year,
        paper.paper.venue,
        tuple(str(identifier) for identifier in paper.paper.identifiers),
        "",
        is_summary=False,
    )


def answered(question: str, papers: list[StoredPaper], *, text: str = "Expansion helps") -> Answered:
    findings = tuple(
        Finding(
            number,
            f"claim {number}",
            quote(paper),
            STANCES[(number - 1) % 4],
            "model",
            population="adults",
            strength=Strength(design="randomised trial", sample=12, sampled="12 people"),
        )
        for number, paper in enumerate(papers, 1)
    )
    sentences = (
        Sentence(f"{text}.", (1,), "supported"),
        Sentence(f"{text} less in some.", tuple(range(2, len(papers) + 1)), "quoted"),
    )
    claims = (Claim(1, "expansion helps", (1,), (2,), sides="model"),) if len(papers) > 1 else ()
    references = tuple(reference(number, paper) for number, paper in enumerate(papers, 1))
    extent = Extent(50, 4, 30, 20, 9, len(findings), ("bm25",), "4 searches of 50 papers.")
    return Answered(question, sentences, findings, references, extent, complete=True, claims=claims)


def made(text: str = "plain words") -> ReviewResult:
    """A review with something in every part. ``text`` stands wherever others' words may."""
    papers = tuple(stored(number, title=f"{number} {text}") for number in range(1, 7))
    protocol = Protocol(
        title=f"Review of {text}",
        questions=(Question("Does expansion help?", "q1"), Question(f"What of {text}?", "q2")),
        include=(f"about {text}",),
        exclude=("not a study",),
        seeds=("amsel2001",),
        filters=Scope(year_from=2000, tags=("thesis", text)),
        search=Search(("expansion",), most=50),
        screening=Screening("model"),
        extract=(ExtractedField("sample size", "int", "how many"), ExtractedField("method")),
        seed=3,
    )
    screened = tuple(
        ScreenedPaper(
            paper.id,
            paper.key,
            paper.paper.title,
            paper.paper.year,
            "exclude" if paper.id == 6 else "include",
            f"not a study: {text}" if paper.id == 6 else text,
            "scripted",
            "not a study" if paper.id == 6 else "",
        )
        for paper in papers
    )
    extracted = tuple(
        ExtractedPaper(
            paper.id,
            paper.key,
            (Cell("sample size", 10 * paper.id, quote(paper)), Cell("method", None, None, "not said")),
        )
        for paper in papers[:3]
    )
    return ReviewResult(
        protocol=protocol,
        flow=Flow((("refs.bib", 5), (text, 3)), 2, 6, (("not a study", 1),), 5),
        screened=screened,
        extracted=extracted,
        questions=(
            QuestionResult("q1", "Does expansion help?", "run-1", answered("", list(papers[:4]), text=text)),
            QuestionResult("q2", f"What of {text}?", "run-2", None, "the server is gone", "Start it"),
        ),
        synthesis=(Sentence(f"In all, {text}.", (1, 2), "quoted"),),
        papers=papers,
        spent=Spent(12, 3, 1000, 200, 0.01),
        status="partial",
        manifest=Manifest(
            review="review-abcd",
            parent="",
            started_at="2026-01-01T00:00:00+00:00",
            finished_at="2026-01-01T00:01:00+00:00",
            version="0.1.0",
            model="scripted",
            rerank="",
            entailment="",
            prompts=(PromptUsed("judge", "3", "ab" * 32),),
            encoders=("concepts",),
            revision=7,
            papers=50,
            starter=False,
            seed=3,
        ),
        problems=("q2 failed: the server is gone",),
        changes=(("q1", f"one sentence more: {text}"),),
    )


def later(result: ReviewResult) -> ReviewResult:
    """The same review on another day: other times, ids and costs, and nothing else."""
    manifest = replace(result.manifest, review="review-efgh", started_at="2027", finished_at="2028")
    questions = tuple(replace(each, run=f"{each.run}-again") for each in result.questions)
    return replace(result, manifest=manifest, questions=questions, spent=Spent(0, 12, 0, 0, 0.0))
