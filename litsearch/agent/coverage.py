"""How much was looked at, in counts and in plain words that claim no more."""

from litsearch.agent.events import Extent
from litsearch.agent.state import State

_LEGS = {"bm25": "BM25", "sparse": "sparse", "dense": "dense"}


def extent(state: State) -> Extent:
    """The extent of a run as far as it came."""
    papers = state.started.papers if state.started else 0
    legs = tuple(leg for leg in _LEGS if any(leg in searched.legs for searched in state.searched))
    relevant = len(state.relevant())
    return Extent(
        papers=papers,
        queries=len(state.searched),
        found=len(state.found),
        judged=len(state.judged),
        relevant=relevant,
        findings=len(state.findings),
        legs=legs,
        statement=" ".join(_sentences(state, papers, legs, relevant)),
    )


def _sentences(state: State, papers: int, legs: tuple[str, ...], relevant: int) -> list[str]:
    found, findings = len(state.found), len(state.findings)
    by = f" ({' + '.join(_LEGS[leg] for leg in legs)})" if legs else ""
    searched = f"{_count(len(state.searched), 'search', 'searches')}{by} of {_count(papers, 'paper')}"
    lines = [f"{searched} found {_count(found, 'paper')}."]
    if found:
        lines.append(_judges(state, relevant))
    if findings:
        lines.append(
            f"{_count(findings, 'quote')} {'was' if findings == 1 else 'were'} checked word for word."
        )
    if found > len(state.judged):
        lines.append(f"{_count(found - len(state.judged), 'paper')} that the searches found went unjudged.")
    if state.searched and not findings:
        tried = dict.fromkeys(f"“{searched.query}”" for searched in state.searched)
        lines.append(f"Tried: {'; '.join(tried)}.")
    lines.append(_reader(state))
    if state.started and state.started.starter:
        lines.append(
            "These papers are litsearch's starter library: what is quoted is litsearch's own summary of a "
            "paper, not the paper."
        )
    return lines


def _judges(state: State, relevant: int) -> str:
    model = sum(judged.judge == "model" for judged in state.judged.values())
    program = len(state.judged) - model
    ways = {"by a model, from title and abstract": model, "by program, by the question's words": program}
    used = [way for way, number in ways.items() if number]
    if not used:
        return "None was judged."
    if len(used) > 1:
        used = [f"{ways[way]:,} {way}" for way in used]
    return f"{_count(model + program, 'paper')} judged {' and '.join(used)}; {relevant:,} held relevant."


def _reader(state: State) -> str:
    name = state.started.model if state.started else ""
    judges = [judged.judge for judged in state.judged.values()]
    judges += [finding.judge for finding in state.findings]
    if "model" in judges:
        return f"The model was {name}; it read titles and abstracts, no full text."
    if name:
        return f"The model {name} gave no usable reply, so no model read anything."
    return "No model read anything: passages were picked by program."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
