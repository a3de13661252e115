"""The part of a report that says how it was done."""

from collections.abc import Iterator
from dataclasses import fields

from litsearch.review.outputs.document import Block, Facts, Heading, Inlines, Items, Link, Paragraph, Words
from litsearch.review.protocol import Protocol, Scope, Screening, Search
from litsearch.review.result import ReviewResult
from litsearch.review.screening import plan
from litsearch.review.searching import searched_screening

FILES = (
    ("protocol.toml", "what was set out to be done"),
    ("answers.jsonl", "every answer, sentence by sentence"),
    ("evidence.csv", "every quote, with its claim, stance and place in the paper"),
    ("evidence.jsonl", "the same for programs"),
    ("screening.csv", "what was decided about each paper, by whom and why"),
    ("extraction.csv", "the table, each value with its quote"),
    ("references.bib", "the references; also references.ris and references.csl.json"),
    ("prisma.json", "the counts of the flow diagram; also prisma.mmd and prisma.svg"),
    ("ledger.jsonl", "every event of the review and of every run"),
    ("manifest.json", "versions, models, prompts, times, costs, and a hash of every file"),
)


def methods(result: ReviewResult) -> Iterator[Block]:
    yield Heading(2, "Methods", "methods")
    yield Facts(
        tuple((name, value) for name, value in (*_protocol(result.protocol), *_made_with(result)) if value)
    )
    for title, criteria in (
        ("Included was", result.protocol.include),
        ("Excluded was", result.protocol.exclude),
    ):
        if criteria:
            yield Paragraph((Words(title, "strong"),))
            yield Items(tuple((Words(each),) for each in criteria))
    yield Heading(2, "Files", "files")
    yield Items(tuple((Link(name), Words(f": {what}")) for name, what in FILES))


def _protocol(protocol: Protocol) -> Iterator[tuple[str, Inlines]]:
    screening = plan(protocol)
    if protocol.search or screening:
        yield "Searched for", _words(_searched(protocol))
    yield "Narrowed to", _words(scope(protocol.filters))
    yield "Known to be relevant", _words(", ".join(protocol.seeds))
    if screening:
        yield "Screened by", _words(_screened(screening))


def _searched(protocol: Protocol) -> str:
    if name := searched_screening(protocol):
        return f"the candidates of the screening “{name}”"
    search = protocol.search or Search()
    if search.everything:
        return "every paper"
    queries = search.queries or tuple(each.question for each in protocol.questions)
    return f"{'; '.join(f'“{each}”' for each in queries)} (at most {search.most:,} papers each)"


def _screened(screening: Screening) -> str:
    by = {
        "model": "a model, by the criteria",
        "user": "the user",
        "feedback": "relevance feedback, which takes in the papers most like those that were decided for",
    }
    named = f", by the decisions in the screening “{screening.name}”" if screening.name else ""
    most = f"; at most {screening.most:,} papers" if screening.most and screening.by != "user" else ""
    unsure = "" if screening.maybe else "; what may be relevant was left out"
    return f"{by[screening.by]}{named}{most}{unsure}"


def _made_with(result: ReviewResult) -> Iterator[tuple[str, Inlines]]:
    manifest = result.manifest
    yield "Library", _words(f"{manifest.papers:,} papers, revision {manifest.revision}")
    yield "Indexed by", _words(", ".join(manifest.encoders))
    yield "Model", _words(manifest.model or "none")
    yield "Re-ranked by", _words(manifest.rerank)
    yield "Sentences judged by", _words(manifest.entailment)
    prompts = ", ".join(f"{each.name} {each.version} ({each.hash[:12]})" for each in manifest.prompts)
    yield "Prompts", _words(prompts)
    yield "Seed", _words(str(manifest.seed))
    yield "Program", _words(f"litsearch {manifest.version}")


def scope(narrowed: Scope) -> str:
    """Filters in words; "" for none."""
    parts = []
    for field in fields(narrowed):
        value = getattr(narrowed, field.name)
        if value not in (None, ()):
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            parts.append(f"{field.name.replace('_', ' ')}: {shown}")
    return "; ".join(parts)


def _words(text: str) -> Inlines:
    return (Words(text),) if text else ()
