"""Import and index rate, cold and warm search, size and memory, beside bm25s and paper-qa's own index.

python -m bench.speed DATA [--sizes 5k,139k,480k] [--dense SPEC] [--peers FOLDER] [--out bench/out]

DATA has papers/ and dev/. PEERS has a virtual environment a peer: bm25s (with PyStemmer) and paperqa.
Every size is imported from plain JSON Lines by the command a user types; whole processes are timed, and
litsearch and its peers take turns.
"""

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.corpora import prepare, queries
from bench.measure import Process, in_turn, median, percentile, run, size
from bench.tables import ratio, table, write

COLD_QUERY = "does query expansion with language models improve sparse retrieval"
PEER_SCRIPTS = {"bm25s": "bm25s_peer.py", "paperqa": "paperqa_peer.py"}
LEXICAL = "bm25,sparse"


@dataclass(frozen=True, slots=True)
class Setup:
    """What is measured: the command, the peers' commands, and where things lie."""

    litsearch: str
    peers: dict[str, list[str]]
    out: Path
    queries: dict[str, Path]
    dense: str
    runs: int

    def library(self, name: str) -> Path:
        return self.out / f"library-{name}"

    def peer_index(self, peer: str, name: str) -> Path:
        return self.out / f"{peer}-{name}"


def build(setup: Setup, name: str, corpus: Path) -> list[list[str]]:
    """Imports and indexes a collection with each program: rows of papers/s, bytes a paper, peak MB."""
    library = setup.library(name)
    shutil.rmtree(library, ignore_errors=True)
    papers = sum(1 for _ in corpus.open("rb"))
    stored = run([setup.litsearch, "--library", str(library), "add", str(corpus), "--no-index"])
    bm25 = run([setup.litsearch, "--library", str(library), "index", "update", "--leg", "bm25"])
    sparse = run([setup.litsearch, "--library", str(library), "index", "update", "--leg", "sparse"])
    lexical = stored.wall + bm25.wall
    index = size(library / "index") / papers
    rows = [
        row(
            name,
            "litsearch: parse, dedupe, store",
            papers,
            stored.wall,
            lexical,
            size(library) / papers - index,
            stored,
        ),
        row(name, "litsearch: BM25 leg", papers, bm25.wall, lexical, index, bm25),
        row(name, "litsearch: sparse leg", papers, sparse.wall, lexical, index, sparse),
        row(
            name,
            "litsearch: import with BM25, in all",
            papers,
            lexical,
            lexical,
            size(library) / papers,
            stored,
        ),
    ]
    for peer, command in setup.peers.items():
        target = setup.peer_index(peer, name)
        shutil.rmtree(target, ignore_errors=True)
        built = run([*command, "build", str(corpus), str(target)])
        rows.append(
            row(name, f"{peer}: parse and index", papers, built.wall, lexical, size(target) / papers, built)
        )
    return rows


def row(
    name: str, what: str, papers: int, seconds: float, reference: float, bytes_each: float, process: Process
) -> list[str]:
    rate, compared = papers / seconds, ratio(seconds, reference)
    return [name, what, f"{rate:,.0f}", compared, f"{bytes_each:,.0f}", f"{process.peak_mb:,.0f}"]


def cold(setup: Setup, name: str, *, dense: bool) -> list[list[str]]:
    """A new process for each search: median wall seconds, beside the peers'."""
    search = [setup.litsearch, "--library", str(setup.library(name)), "search", COLD_QUERY]
    commands = {"litsearch: BM25 and sparse": [*search, "--legs", LEXICAL]}
    if dense:
        commands["litsearch: all three legs"] = search
    for peer, command in setup.peers.items():
        commands[peer] = [*command, "cold", str(setup.peer_index(peer, name)), COLD_QUERY]
    results = in_turn(commands, setup.runs)
    first = median(results["litsearch: BM25 and sparse"])
    return [
        [
            name,
            what,
            f"{median(done):.3f}",
            f"{min(each.wall for each in done):.3f}",
            ratio(median(done), first),
        ]
        for what, done in results.items()
    ]


def warm(setup: Setup, name: str, *, dense: bool) -> list[list[str]]:
    """One process, one core, all queries of a kind: percentiles in milliseconds, and memory."""
    return [
        row for kind, file in setup.queries.items() for row in warm_of(setup, name, kind, file, dense=dense)
    ]


def warm_of(setup: Setup, name: str, kind: str, queries: Path, *, dense: bool) -> list[list[str]]:
    base = [sys.executable, "-m", "bench.warm", str(setup.library(name)), str(queries)]
    commands = {
        "litsearch: BM25": [*base, "bm25", "0"],
        "litsearch: BM25 and sparse": [*base, LEXICAL, "0"],
        "litsearch: BM25 and sparse, filtered by year": [*base, LEXICAL, "1"],
    }
    if dense:
        commands["litsearch: all three legs"] = [*base, f"{LEXICAL},dense", "0"]
        commands["litsearch: all three legs, filtered by year"] = [*base, f"{LEXICAL},dense", "1"]
    for peer, command in setup.peers.items():
        commands[peer] = [*command, "warm", str(setup.peer_index(peer, name)), str(queries)]
    measured = {what: run(command).json() for what, command in commands.items()}
    first = percentile(seconds(measured["litsearch: BM25 and sparse"]), 0.5)
    rows = []
    for what, values in measured.items():
        times = seconds(values)
        figures = [f"{percentile(times, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99)]
        memory = values.get("anonymous_mb")
        anonymous = f"{memory:,.0f}" if isinstance(memory, float) else "-"
        refused = f" (refused {values['failed']} of them)" if values.get("failed") else ""
        rows.append([name, kind, what + refused, *figures, ratio(percentile(times, 0.5), first), anonymous])
    return rows


def seconds(values: dict[str, object]) -> list[float]:
    found = values["seconds"]
    assert isinstance(found, list)
    return found


def help_time(setup: Setup) -> list[list[str]]:
    commands = {
        "litsearch --help": [setup.litsearch, "--help"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    done = in_turn(commands, setup.runs)
    first = median(done["litsearch --help"])
    return [[what, f"{median(each):.3f}", ratio(median(each), first)] for what, each in done.items()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sizes", default="5k,139k")
    parser.add_argument("--dense", default="", help="encoder spec of the dense leg, built at the named sizes")
    parser.add_argument("--dense-sizes", default="5k")
    parser.add_argument("--peers", type=Path, help="folder of the peers' virtual environments")
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    parser.add_argument("--results", type=Path, default=Path("bench/results/speed.md"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--note", default="", help="what a reader of the results must know")
    parser.add_argument("--keep", action="store_true", help="measure searches over what an earlier run built")
    options = parser.parse_args()
    here = Path(__file__).parent / "peers"
    peers = {
        peer: [str(options.peers / peer / "bin" / "python"), str(here / script)]
        for peer, script in PEER_SCRIPTS.items()
        if options.peers and (options.peers / peer).exists()
    }
    corpora = prepare(options.data, options.out)
    command = str(Path(sys.executable).with_name("litsearch"))
    setup = Setup(
        command, peers, options.out, queries(options.data, options.out), options.dense, options.runs
    )
    builds, colds, warms = [], [], []
    for name in options.sizes.split(","):
        dense = bool(options.dense) and name in options.dense_sizes.split(",")
        if not options.keep:
            builds += build(setup, name, corpora[name])
            if dense:
                library = ["--library", str(setup.library(name))]
                run([command, *library, "models", "use", options.dense, "--leg", "dense"])
        colds += cold(setup, name, dense=dense)
        warms += warm(setup, name, dense=dense)
    sections = [
        ("Starting up", table(["command", "s (median)", "ratio"], help_time(setup))),
        (
            "Cold search: a new process",
            table(["papers", "program", "s (median)", "s (best)", "ratio"], colds),
        ),
        (
            "Warm search: one process, one core",
            table(
                ["papers", "queries", "program", "p50 ms", "p95 ms", "p99 ms", "p50 ratio", "RssAnon MB"],
                warms,
            ),
        ),
    ]
    if builds:
        header = ["papers", "program", "papers/s", "time ratio", "bytes/paper", "peak MB"]
        sections.append(("Import and index", table(header, builds)))
    if options.note:
        sections.append(("Note", options.note + "\n"))
    write(options.results, "Speed, size and memory", sections)
    print(options.results.read_text())


if __name__ == "__main__":
    main()
