"""Text brought to one form for comparing quotes, with a map back to where each character came from.

What counts as the same: any run of whitespace, any dash, any quotation mark, compatibility forms of
Unicode (ligatures, full width, superscripts as ``^2``), LaTeX markup and what it stands for. What is not
folded is case, and everything else. A hyphen at the end of a line becomes ``BREAK``, which may be a hyphen
of the word or the typesetter's.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BREAK = "\ue000"
SOFT_HYPHEN = "\u00ad"

_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lamda", "mu"),
    *("nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
_STYLES = (
    *(
        "emph",
        "text",
        "textbf",
        "textit",
        "texttt",
        "textsc",
        "textrm",
        "textsf",
        "mathrm",
        "mathbf",
        "mathit",
    ),
    *("mathcal", "mathbb", "mathsf", "boldsymbol", "bf", "it", "em", "sc", "rm", "tt", "left", "right"),
    *("ensuremath", "mbox", "hbox", "operatorname", "displaystyle"),
)
_COMMANDS = (
    {name: unicodedata.lookup(f"GREEK SMALL LETTER {name}") for name in _GREEK}
    | {name.capitalize(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name}") for name in _GREEK}
    | {"lambda": "λ", "Lambda": "Λ", "varepsilon": "ε", "vartheta": "θ", "varphi": "φ", "varrho": "ρ"}
    | {"times": "×", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠"}
    | {"approx": "≈", "sim": "~", "to": "→", "rightarrow": "→", "infty": "∞", "cdot": "·", "in": "∈"}
    | {"ldots": "...", "dots": "...", "cdots": "...", "ell": "l", "textasciitilde": "~"}
    | {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å"}
    | {"i": "i", "j": "j", "textendash": "-", "textemdash": "-", "textquoteright": "'", "percnt": "%"}
    | dict.fromkeys(_STYLES, "")
)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LATEX = re.compile(
    r"""
    \\(?P<accent>[`'^~=."]|[urHvck](?=\s*\{))\s*\{?\\?(?P<letter>[A-Za-z])\}?   # \'e  \"{o}  \v{s}
  | \\(?P<command>[A-Za-z]+)(?:\{\})?                                           # \alpha  \emph
  | \\(?P<escaped>[%&$\#_{}])                                                   # \%
  | \\(?P<space>[,;:!\ /])
  | (?P<quote>``|'')
  | (?P<tie>(?<=\w)~(?=[\w\\]))
  | (?P<nothing>[{}$])
    """,
    re.VERBOSE,
)
_QUOTES = dict.fromkeys(map(ord, "'\"‘’‚‛“”„‟«»‹›`´′″"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―⁃−﹘﹣－"), "-")
_CHARACTERS = _QUOTES | _DASHES | {0x223C: "~", 0x2044: "/", 0x2215: "/"}

_Piece = tuple[str, int, int]  # what it folds to, and where it stood: start, end


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; character i of it stood at ``starts[i]:ends[i]`` of the source."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(source: str) -> Folded:
    """Fold a text; equal passages have equal folded forms, up to ``BREAK``."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in _pieces(source):
        for character in piece:
            previous = characters[-1] if characters else " "
            if character == previous and character in " -":
                ends[-1:] = [end] if ends else []
                continue
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return _mark_breaks(characters, starts, ends)


def _pieces(source: str) -> Iterator[_Piece]:
    """The source in runs that fold together: LaTeX commands, and characters with their marks."""
    at = 0
    raised = ""  # "^" or "_" while inside a run of raised or lowered characters
    while at < len(source):
        latex = _LATEX.match(source, at) if source[at] in "\\`'~{}$" else None
        if latex:
            yield _latex(latex), at, latex.end()
            at, raised = latex.end(), ""
            continue
        end = at + 1
        while end < len(source) and unicodedata.combining(source[end]):
            end += 1
        cluster = source[at:end]
        sign = _raised(cluster[0])
        yield (sign if sign != raised else "") + _character(cluster, source[end : end + 1]), at, end
        at, raised = end, sign


def _latex(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind == "letter":
        return unicodedata.normalize("NFKC", found["letter"] + _ACCENTS[found["accent"]])
    if kind == "command":
        return _COMMANDS.get(found["command"], found["command"])
    if kind == "escaped":
        return found["escaped"]
    if kind == "quote":
        return "'"
    return "" if kind == "nothing" else " "


def _raised(character: str) -> str:
    decomposition = unicodedata.decomposition(character)
    return "^" if decomposition.startswith("<super>") else "_" if decomposition.startswith("<sub>") else ""


def _character(cluster: str, following: str) -> str:
    if cluster == SOFT_HYPHEN:
        return "-" if following.isspace() else ""
    folded = unicodedata.normalize("NFKC", cluster.translate(_CHARACTERS)).translate(_CHARACTERS)
    return "".join(" " if c.isspace() else c for c in folded if c.isspace() or c.isprintable())


def _mark_breaks(characters: list[str], starts: list[int], ends: list[int]) -> Folded:
    """Put ``BREAK`` for a hyphen and space within a word; drop the space within 10- 20 and before %."""
    kept: list[int] = []
    for i, character in enumerate(characters):
        before = characters[kept[-1]] if kept else ""
        after = characters[i + 1] if i + 1 < len(characters) else ""
        if character == " " and before.isdigit() and after == "%":
            continue
        if character == " " and before == "-" and len(kept) > 1:
            word = characters[kept[-2]]
            if word.isdigit() and after.isdigit():
                continue
            if word.isalpha() and after.isalpha():
                characters[kept[-1]] = BREAK
                ends[kept[-1]] = ends[i]
                continue
        kept.append(i)
    return Folded(
        "".join(characters[i] for i in kept),
        tuple(starts[i] for i in kept),
        tuple(ends[i] for i in kept),
    )
