r"""LaTeX in titles, names, venues and abstracts, turned into Unicode.

Only the stretches that are LaTeX (mathematics, commands, accents) go through pylatexenc, each once:
it takes half a millisecond a call, and it would read the `%`, `_` and `&` of ordinary prose as commands.
Whatever has no faithful Unicode form stays as readable source, such as ``$\frac{a}{b}$``.
"""

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from litsearch.scripts import subscript, superscript

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_LONGEST = 500  # characters of one formula; a longer stretch between two dollars is prose about money
_LONGEST_TEXT = 100_000  # no abstract is longer, and text made to be slow would cost minutes

_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"  # braces nested at most three deep
_MATH = "|".join(
    (
        # As Pandoc reads dollars, so that "$5 to $10" is money; a space before the closing one is
        # allowed only where the content has a command.
        rf"(?<!\\)\$\$(?:[^$\\]|\\.){{1,{_LONGEST}}}?\$\$",
        rf"(?<!\\)\$(?![\s$])(?:[^$\\]|\\.){{0,{_LONGEST}}}?(?<!\s)\$(?!\d)",
        rf"(?<!\\)\$(?=[^$]*\\[A-Za-z])(?:[^$\\]|\\.){{1,{_LONGEST}}}?\$(?!\d)",
        rf"\\\((?:[^\\]|\\[^)]){{1,{_LONGEST}}}?\\\)",
        rf"\\\[(?:[^\\]|\\[^\]]){{1,{_LONGEST}}}?\\\]",
    )
)
_COMMAND = (
    rf"\\[`'^\"~=.](?:\s*{_GROUP}|\s*\\[ij](?![A-Za-z])\s?|\s*[A-Za-z])"  # accents
    r"|\\[cvuHkrdb]\s+[A-Za-z]"  # accents over the next letter
    r"|\\(?:ss|[lLoO]|ae|AE|oe|OE|aa|AA)(?![A-Za-z])(?:\{\}|\s?)"  # letters, which swallow a space
    rf"|\\(?:[a-zA-Z]+\*?)(?:\s*{_GROUP}|\[[^\[\]{{}}]*\](?={{))*"
)
_PIECE = re.compile(
    rf"(?P<math>{_MATH})|(?P<group>\{{(?:\\[`'^\"~=.]|\\[a-zA-Z]+)[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}})"
    rf"|(?P<command>{_COMMAND})",
    re.DOTALL,
)
_NAME = re.compile(r"\\([a-zA-Z]+)")
_PROTECTED = re.compile(r"(?<!\\)\{([A-Z][\w.+-]*)\}")  # {BERT}, {T}itle
_BRACE = re.compile(r"(?<!\\)[{}]")
_ESCAPED = re.compile(r"\\([%&_#${} ])")
_BRACED = re.compile(r"\{\\([%&_#$])\}")  # {\&}, as Mendeley escapes
_GAP = re.compile(r"\s*\\\\(?:\[[^\[\]]*\])?\s*|\\[,;:]")  # a new line, thin spaces
_NO_GAP = re.compile(r"\\[-/!]")  # where a word may be broken, or letters stand closer
_SCRIPT = re.compile(r"\s*([\^_])\s*(?:\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(\\[a-zA-Z]+|[^\s\\{}]))")
_SPACING = re.compile(r"\\[,;:! ]|\\(?:left|right|[bB]igg?[lr]?|quad|qquad|displaystyle)(?![a-zA-Z])")

# What pylatexenc has no text for, or another; `\^{}` and `\~{}` are how exporters write the bare characters.
_CHARACTERS = {
    r"\textasciicircum": "^",
    r"\textasciitilde": "~",
    r"\textbackslash": "\\",
    r"\textgreater": ">",
    r"\textless": "<",
    r"\textbar": "|",
    r"\textquotesingle": "'",
    r"\textquotedbl": '"',
    r"\^": "^",
    r"\~": "~",
}

# Commands whose plain text would say something else than the formula or the sentence does.
_STRUCTURE = frozenset(
    "frac dfrac tfrac cfrac binom choose over atop sqrt widetilde widehat begin end"  # noqa: SIM905
    " item underset overset"
    " stackrel substack xrightarrow xleftarrow underbrace overbrace not cite citep citet citealp ref eqref"
    " label footnote input include includegraphics ensuremath url href def newcommand section subsection"
    " caption bibitem".split()
)
_BRACES = str.maketrans("\ue000\ue001", "{}")  # private characters stand for braces that are to stay
_OUTER_BRACES = re.compile(r"\A\s*\{([^{}]*)\}\s*\Z")
_SYMBOL = re.compile(r"\\([A-Za-z]+)(?: (?=[^A-Za-z]))?")
_LITERAL = re.compile(r"\\([{}|%&_#$])")
_WITH_ARGUMENT = re.compile(r"\\([A-Za-z]+)\s*(\{[^{}\\]*\}|[^\s{}\\])")
_PROSE = re.compile(r"[#A-Za-z]{4}")
_MARKED = re.compile(r"[\\^_=]")
_STYLES = frozenset(
    "em bf it rm sf tt sl cal texttt mbox hbox boldsymbol bm operatorname textnormal".split()  # noqa: SIM905
)


logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of every text it can't make sense of


def from_latex(text: str, *, whole: bool = True) -> str:
    r"""The text with its LaTeX turned into Unicode; never raises, whatever the text.

    ``whole`` says that the text is TeX from end to end, as in a BibTeX file: braces only group, ``~`` is
    a space, ``--`` a dash and ``\&`` an ampersand. Otherwise only mathematics, commands and ``{Word}``
    are TeX and every other character is what it seems.
    """
    if len(text) > _LONGEST_TEXT:
        return text
    if "\\" not in text and "$" not in text and "{" not in text:
        return _ligatures(text) if whole and any(mark in text for mark in "}~-`'") else text
    parts: list[str] = []
    end = 0
    for found in _PIECE.finditer(text):
        parts.append(_between(text[end : found.start()], whole))
        if found["math"]:
            parts.append(_math(found["math"]))
        else:
            parts.append(_command(found[0], whole))
        end = found.end()
    parts.append(_between(text[end:], whole))
    return "".join(parts)


def _between(text: str, whole: bool) -> str:
    """Prose between two pieces of LaTeX."""
    if not whole:  # looked at first, for a substitution takes longer even where there is nothing to do
        if "{" in text:
            text = _BRACED.sub(r"\1", _PROTECTED.sub(r"\1", text))
        return _ESCAPED.sub(r"\1", text) if "\\" in text else text
    if "\\" in text:
        text = _NO_GAP.sub("", _GAP.sub(" ", text))
    return _ESCAPED.sub(r"\1", _ligatures(_BRACE.sub("", text)))


def _ligatures(text: str) -> str:
    for mark, character in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”")):
        text = text.replace(mark, character)
    return _BRACE.sub("", text).replace("~", " ")


@lru_cache(maxsize=20_000)
def _math(source: str) -> str:
    r"""A formula, delimiters and all: as Unicode where that is faithful, else as it stands."""
    content = source.strip("$") if source.startswith("$") else source[2:-2]
    if _PROSE.search(content) and not _MARKED.search(content):
        return source
    content = _SPACING.sub(" ", _OUTER_BRACES.sub(r"\1", content))
    plain = _formula(_SCRIPT.sub(_scripted, content))
    return plain.translate(_BRACES).strip() if plain and not plain.isspace() else source


def _scripted(found: re.Match[str]) -> str:
    """A sub- or superscript in Unicode; where there is no such form it stays as ``_c`` or ``^{ij}``."""
    plain = _formula(found[2] if found[2] is not None else found[3])
    if plain is None:
        return found[0]
    raised = found[1] == "^"
    if (unicode := (superscript if raised else subscript)(plain)) is not None:
        return unicode
    return f"{found[1]}{plain}" if len(plain) == 1 else f"{found[1]}\ue000{plain}\ue001"


def _formula(content: str) -> str | None:
    """Mathematics without sub- and superscripts as text; None where a command of it has no faithful text.

    Symbols come from a table and only commands with an argument from pylatexenc, each once: whole formulas
    are hardly ever alike, and at half a millisecond each they made arXiv five times as slow to import.
    """
    if "\\" in content:
        content = _SYMBOL.sub(_symbol, _LITERAL.sub(_literal, content))
        for _ in range(4):  # from the inside out
            if "\\" not in content:
                break
            content = _WITH_ARGUMENT.sub(_applied, content)
    return None if "\\" in content else _BRACE.sub("", content)


def _symbol(found: re.Match[str]) -> str:
    return _symbols().get(found[1], found[0])


def _literal(found: re.Match[str]) -> str:
    return {"{": "\ue000", "}": "\ue001", "|": "‖"}.get(found[1], found[1])


def _applied(found: re.Match[str]) -> str:
    if found[1] in _STRUCTURE or found[1] not in _macros():
        return found[2] if found[1] in _STYLES else found[0]
    plain = _converted(f"${found[0]}$")
    return found[0] if plain is None else plain


@lru_cache(maxsize=20_000)
def _command(source: str, whole: bool) -> str:
    r"""A command with its arguments, or a group that begins with one, outside mathematics."""
    bare = source[1:-1] if source.startswith("{") else source
    name, _, rest = bare.partition("{}")
    if (character := _CHARACTERS.get(name)) is not None:
        return character + from_latex(rest, whole=whole)
    if source.startswith("\\url{"):
        return source[5:-1]
    if source.startswith("\\href{"):
        return from_latex(source.partition("}{")[2].removesuffix("}"), whole=whole)
    if source.startswith(("\\textsuperscript{", "\\textsubscript{")):
        name, _, inner = source.partition("{")
        plain = from_latex(inner.removesuffix("}"), whole=whole)
        return (superscript if "super" in name else subscript)(plain) or plain
    if any(name in _STRUCTURE for name in _NAME.findall(source)) or not _known(source):
        return source
    plain_text = _converted(source)
    return source if plain_text is None else plain_text


def _known(source: str) -> bool:
    return all(name in _STYLES or name in _macros() for name in _NAME.findall(source))


@lru_cache(maxsize=1)
def _macros() -> frozenset[str]:
    """The commands that pylatexenc has a text for."""
    from pylatexenc.latex2text import get_default_latex_context_db

    return frozenset(spec.macroname for spec in get_default_latex_context_db().iter_macro_specs())


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    """The commands that stand for characters or a function's name and take no argument."""
    from pylatexenc import latex2text, latexwalker

    walked = latexwalker.get_default_latex_context_db()
    symbols = {"colon": ":", "lbrace": "\ue000", "rbrace": "\ue001"} | dict.fromkeys(
        _STYLES & {"rm", "bf", "it"}, ""
    )
    for spec in latex2text.get_default_latex_context_db().iter_macro_specs():
        name, text = spec.macroname, spec.simplify_repl
        if isinstance(text, str) and "%" not in text and name not in _STRUCTURE:
            takes = getattr(walked.get_macro_spec(name), "args_parser", None)
            if not getattr(takes, "argspec", ""):
                symbols[name] = text
    return symbols


@lru_cache(maxsize=1)
def _converter() -> "LatexNodes2Text":
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", keep_comments=True)


@lru_cache(maxsize=20_000)
def _converted(source: str) -> str | None:
    """What pylatexenc makes of the source; None where it can't read it or leaves TeX in it."""
    try:
        plain = str(_converter().latex_to_text(source))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # seen on broken TeX
        return None
    return None if "\\" in plain or "%s" in plain else plain  # a template: the argument is missing
