"""True citations and corrupted ones put to the deterministic checks: what they claim to catch, they must.

python -m bench.agent.citations DATA [--count 1000] [--seed 0]

Papers are SciFact's, and the same with LaTeX and Unicode put in. A true citation quotes a sentence of its
paper as readers return it: broken over lines, hyphenated, with other quotation marks, dashes, spaces,
ligatures, LaTeX. Corrupted ones are made from those in one place each.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.agent.corpus import scifact
from litsearch.agent.events import Dropped, Finding, Quote, Sentence
from litsearch.agent.folding import fold
from litsearch.agent.numbers import unsupported_numbers
from litsearch.agent.quotes import MIN_WORDS, check_quote, count_words
from litsearch.agent.sentences import split
from litsearch.agent.verify import check
from litsearch.papers import StoredPaper

NOT_CLAIMED = "swapped stance"  # only who understands the words can tell; see the entailment judges


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence that cites a finding of a paper, which rests on a quote."""

    paper: StoredPaper
    quote: str
    sentence: str
    finding: int = 1  # that the sentence names


def caught(citation: Citation) -> str:
    """Why the checks refuse a citation; empty where they let it pass."""
    quote = check_quote(citation.paper, citation.quote)
    if isinstance(quote, Dropped):
        return quote.reason
    assert isinstance(quote, Quote)
    finding = Finding(1, quote.text, quote, "supports", "model")
    drafted = Sentence(citation.sentence, (citation.finding,), "unverified")
    kept, dropped = check([drafted], [finding], {citation.paper.id: citation.paper}, "")
    return "" if kept else dropped[0].reason


def as_returned(quote: str, random_: random.Random) -> str:
    """A quote as a reader may return it, the same words still."""
    for change in random_.sample(_HARMLESS, 3):
        quote = change(quote, random_)
    return quote


def _broken(quote: str, random_: random.Random) -> str:
    return quote.replace(" ", "\n", random_.randint(1, 3))


def _hyphenated(quote: str, random_: random.Random) -> str:
    places = [found.start() for found in re.finditer(r"(?<=[a-z]{3})(?=[a-z]{3})", quote)]
    at = random_.choice(places) if places else 0
    return f"{quote[:at]}-\n{quote[at:]}" if at else quote


def _quoted(quote: str, random_: random.Random) -> str:
    return random_.choice(("“{}”", '"{}"', "«{}»", "‘{}’")).format(quote.replace("'", "’"))


def _dashes(quote: str, random_: random.Random) -> str:
    return quote.replace("-", random_.choice("‐‑–−"))


def _spaces(quote: str, random_: random.Random) -> str:
    return quote.replace(" ", random_.choice("\u00a0\u2009\u202f"), 2)


def _ligatures(quote: str, _: random.Random) -> str:
    return quote.replace("fi", "ﬁ").replace("fl", "ﬂ")


def _latex(quote: str, _: random.Random) -> str:
    return quote.replace("%", "\\%").replace("±", "$\\pm$").replace("α", "$\\alpha$").replace("β", "$\\beta$")


def _unstopped(quote: str, _: random.Random) -> str:
    return quote.rstrip(". ")


_HARMLESS: Sequence[Callable[[str, random.Random], str]] = (
    *(_broken, _hyphenated, _quoted, _dashes, _spaces, _ligatures, _latex, _unstopped),
)


def wrong_paper(true: Citation, other: StoredPaper, _: random.Random) -> Citation:
    return replace(true, paper=other)


def altered_quote(true: Citation, _: StoredPaper, random_: random.Random) -> Citation:
    """A word left out, put in, exchanged or moved."""
    words = true.quote.split()
    at = random_.randrange(1, len(words) - 1)
    match random_.randrange(4):
        case 0:
            del words[at]
        case 1:
            words.insert(at, random_.choice(("not", "significantly", "never", "all")))
        case 2:
            words[at] = "notwithstanding"
        case _:
            words[at - 1], words[at] = words[at], words[at - 1]
    return replace(true, quote=" ".join(words))


def altered_number(true: Citation, _: StoredPaper, random_: random.Random) -> Citation:
    """Another number in the quote, or in the sentence alone: one that the quote does not have elsewhere, for
    the check tells whether a number stands in the quotes, not of what."""
    field = random_.choice(("quote", "sentence"))
    text = getattr(true, field)
    found = random_.choice(list(re.finditer(r"(?<![\w.,/-])\d+(?![\w/-])", text)))
    taken = set(re.findall(r"\d+", true.sentence))
    others = (str(int(found[0]) + more) for more in range(random_.randint(1, 7), 200))
    number = next(other for other in others if other not in taken)
    return replace(true, **{field: text[: found.start()] + number + text[found.end() :]})


def invented_id(true: Citation, _: StoredPaper, random_: random.Random) -> Citation:
    """A finding that is not there, or an identifier or author of the writer's own making."""
    if random_.random() < 0.3:
        return replace(true, finding=random_.randint(2, 99))
    ending = random_.choice(
        (
            " (doi 10.1234/made.up)",
            " [@made2020up]",
            " https://example.org/paper",
            " (arXiv:2001.01234)",
            ", as Zzyzx et al. found",
            " (pmid: 1234567)",
        )
    )
    return replace(true, sentence=true.sentence.rstrip(".") + ending)


def swapped_stance(true: Citation, _: StoredPaper, __: random.Random) -> Citation:
    return replace(true, sentence=f"It is not the case that {true.sentence[0].lower()}{true.sentence[1:]}")


_LINK = re.compile(r"https?:|www\.|\b10\.\d{4}", re.IGNORECASE)
"""A sentence of an answer has no links, its references do: that is a rule, and no false alarm."""

CORRUPTIONS: Sequence[Callable[[Citation, StoredPaper, random.Random], Citation]] = (
    *(wrong_paper, altered_quote, altered_number, swapped_stance, invented_id),
)


def true_citations(papers: Sequence[StoredPaper], count: int, random_: random.Random) -> list[Citation]:
    found: list[Citation] = []
    while len(found) < count:
        paper = random_.choice(papers)
        text = paper.paper.abstract
        spans = split(text)
        if not spans:
            continue
        span = random_.choice(spans)
        sentence = text[span.start : span.end]
        if MIN_WORDS + 2 <= count_words(sentence) <= 80 and not _LINK.search(sentence):
            found.append(Citation(paper, as_returned(sentence, random_), sentence))
    return found


def is_corrupted(true: Citation, citation: Citation) -> bool:
    """Whether a corruption changed anything that a reader would call a change."""
    if citation.paper.id != true.paper.id:
        return fold(true.sentence).text not in fold(citation.paper.paper.abstract).text
    whole = fold(citation.paper.paper.abstract).text
    if citation.quote != true.quote:
        return fold(citation.quote).text.strip(" '.") not in whole
    return citation.finding != 1 or citation.sentence != true.sentence


def has_number(citation: Citation) -> bool:
    wanted = r"(?<![\w.,/-])\d+(?![\w/-])"
    return bool(re.search(wanted, citation.quote) and re.search(wanted, citation.sentence)) and not (
        unsupported_numbers(citation.sentence, [citation.sentence])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random_ = random.Random(options.seed)
    records, _ = scifact(options.data)
    papers = [StoredPaper(n, paper.key, paper) for n, paper in enumerate(records, 1)]
    alarms = [(c, reason) for c in true_citations(papers, options.count, random_) if (reason := caught(c))]
    print(f"true: {options.count}, false alarms: {len(alarms)}")
    for citation, reason in alarms[:10]:
        print(f"  {reason}\n    quote: {citation.quote!r}\n    sentence: {citation.sentence!r}")
    made: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    each = options.count // len(CORRUPTIONS)
    for corrupt in CORRUPTIONS:
        name = corrupt.__name__.replace("_", " ")
        while made[name] < each:
            [true] = true_citations(papers, 1, random_)
            if caught(true) or (corrupt is altered_number and not has_number(true)):
                continue
            citation = corrupt(true, random_.choice(papers), random_)
            if not is_corrupted(true, citation):
                continue
            made[name] += 1
            if not caught(citation):
                passed[name] += 1
                if name != NOT_CLAIMED and passed[name] <= 5:
                    print(f"  {name} passed:\n    {citation.quote!r}\n    {citation.sentence!r}")
    for name, number in made.items():
        claimed = " (not claimed)" if name == NOT_CLAIMED else ""
        print(f"{name}: {number}, caught {number - passed[name]}{claimed}")


if __name__ == "__main__":
    main()
