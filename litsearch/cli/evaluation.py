"""``litsearch eval``: judged queries to nDCG and recall, for each leg and fused."""

import json as jsonlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from litsearch.cli.command import command
from litsearch.cli.models import fetched
from litsearch.cli.options import JsonOption, RerankOption
from litsearch.cli.progress import metered
from litsearch.cli.screen import plural, say, write
from litsearch.cli.search import Feedback, reranker_named
from litsearch.config import Settings

if TYPE_CHECKING:
    from litsearch.evaluate import Comparison, Evaluation


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app, "eval")(evaluate)


def evaluate(
    settings: Settings,  # noqa: ARG001 (every command has them)
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with queries and qrels in BEIR layout.")
    ],
    corpus: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The corpus, where it lies elsewhere.")
    ] = None,
    dense: Annotated[
        str, typer.Option(metavar="SPEC", help="Another encoder of the dense leg; none drops it.")
    ] = "",
    sparse: Annotated[
        str, typer.Option(metavar="SPEC", help="Another encoder of the sparse leg; none drops it.")
    ] = "",
    fusion: Annotated[
        Literal["convex", "rrf"], typer.Option(help="How the legs' rankings become one.")
    ] = "convex",
    feedback: Annotated[Feedback, typer.Option(help="Expand the queries.")] = "none",
    compare: Annotated[
        str | None,
        typer.Option(
            metavar="A:B", help="Paired bootstrap of ranker B over A, such as bm25:fused or rrf:convex."
        ),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the indexes here for the next time.")
    ] = None,
    rerank: RerankOption = None,
    json: JsonOption = False,
) -> None:
    """Measure retrieval on judged queries: nDCG and recall."""
    from indexes.encoders import NO_ENCODER
    from indexes.fusion import METHODS, Fusion
    from litsearch.evaluate import evaluate as evaluated

    names = compare.split(":") if compare else []
    if dense not in ("", NO_ENCODER):
        fetched(dense, "dense")
    if sparse not in ("", NO_ENCODER):
        fetched(sparse, "sparse")
    reranker = reranker_named(rerank or "")
    with metered() as meter:
        result = evaluated(
            folder,
            corpus=corpus,
            encoder=dense,
            sparse=sparse,
            fusion=Fusion(fusion),
            others={method: Fusion(method) for method in METHODS if method in names},
            feedback=feedback,
            reranker=reranker,
            cache=cache,
            on_progress=lambda progress: meter(progress, None),
        )
    compared = _compared(result, compare) if compare else []
    if json:
        values: dict[str, object] = dict(result.to_json())
        if compare:
            values["compare"] = [asdict(each) for each in compared]
        write(jsonlib.dumps(values) + "\n")
        return
    _show(result)
    for each in compared:
        write(
            f"{compare}, {each.metric}: {each.difference:+.4f} "
            f"(95% interval {each.low:+.4f} to {each.high:+.4f}, p {each.p:.4f})\n"
        )


def _show(result: "Evaluation") -> None:
    say(
        f"{result.name}: {plural(result.queries, 'query', 'queries')}, {plural(result.documents, 'document')}"
    )
    metrics = list(next(iter(result.rankers.values())).means)
    write("".ljust(8) + "".join(metric.rjust(9) for metric in metrics) + "\n")
    for name, scores in result.rankers.items():
        write(name.ljust(8) + "".join(f"{scores.means[metric]:9.4f}" for metric in metrics) + "\n")


def _compared(result: "Evaluation", names: str) -> list["Comparison"]:
    from litsearch.evaluate import METRICS, paired_bootstrap

    a, _, b = names.partition(":")
    if a not in result.rankers or b not in result.rankers:
        raise typer.BadParameter(f"{names!r}: write A:B with rankers of {', '.join(result.rankers)}.")
    return [paired_bootstrap(result.rankers[a], result.rankers[b], metric=metric) for metric in METRICS]
