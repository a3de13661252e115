"""Text as it comes from files and services, made fit to be stored, searched, quoted and shown.

What can do harm on a terminal or in a prompt goes: control characters, escape sequences, bidirectional
overrides, invisible characters. What is markup of the file's maker becomes the text it stands for.
"""

import html
import re
import unicodedata

from litsearch.latex import from_latex
from litsearch.scripts import subscript, superscript

__all__ = ["clean_prose", "clean_text", "from_latex"]

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*\x1b\\)"
)
_MOJIBAKE = re.compile(r"[\xc2-\xf4][\x80-\xbf]{1,3}")  # UTF-8 that was once read as Latin-1
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_WINDOWS[0x85] = " "  # in Unicode a line break, in Windows-1252 an ellipsis
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\u2028\u2029"
_INVISIBLE = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0xAD,  # soft hyphen
    *range(0x200B, 0x200C),  # zero width space; the joiners after it belong to some scripts
    *range(0x202A, 0x202F),  # bidirectional embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, invisible operators, bidirectional isolates
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    0xFFFE,
    0xFFFF,
    *range(0xD800, 0xE000),  # lone surrogates, which UTF-8 can't hold
    *range(0xE0000, 0xE0080),  # tags: an alphabet nobody sees
)
_STRIPPED: dict[int, str | None] = dict.fromkeys(_INVISIBLE) | {ord(space): " " for space in _SPACES}

_DROPPED = re.compile(
    r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>|<!\[CDATA\[|\]\]>", re.DOTALL | re.IGNORECASE
)
_SCRIPT = re.compile(
    r"<(?:jats:)?(sub|sup|inf|subscript|superscript)>([^<>]{1,40})</(?:jats:)?\1>", re.IGNORECASE
)
_BLOCK_TAG = re.compile(
    r"</?(?:jats:|o:)?(?:p|br|hr|div|ul|ol|li|dl|dt|dd|h[1-6]|table|tr|td|th|tbody|thead|title|sec|section"
    r"|abstract|abstracttext|blockquote|list|list-item|label|disp-formula)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_INLINE_TAG = re.compile(
    r"</?(?:(?:jats|mml|m|ce|xlink):[\w-]+"
    r"|a|abbr|b|bi|big|bold|center|cite|code|del|em|emphasis|externalref|font|i|img|inf|inline|inline-formula"
    r"|ins|it|ital|italic|kbd|math|mi|mn|mo|mrow|msub|msup|mtext|q|roman|s|sans-serif|sc|scp|small|span|strike"
    r"|strong|sub|subscript|sup|superscript|tex|tex-math|tt|u|underline|var|xref)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def clean_text(text: str) -> str:
    """The text in NFC on one line: no control or invisible characters, no HTML tags or entities.

    ``<sub>`` and ``<sup>`` become Unicode sub- and superscripts where these exist. Text that only looks
    like a tag ("p < 0.05", "<mask>") stays.
    """
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        if "&" not in text and "<" not in text and "  " not in text:
            return text.strip()  # nine texts out of ten
    else:
        text = unicodedata.normalize("NFC", _visible(text))
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = html.unescape(text)
        if "<" in text:  # entities of tags: a publisher escaped twice
            text = _without_tags(text)
        text = unicodedata.normalize("NFC", _visible(text))
    return " ".join(text.split())


def clean_prose(text: str) -> str:
    """A title or abstract that may hold LaTeX between its words, cleaned."""
    if "\\" in text or "$" in text or "{" in text:
        text = from_latex(text, whole=False)
    return clean_text(text)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    if "\x1b" in text:
        text = _ESCAPE_SEQUENCE.sub("", text)
    if any("\x80" <= character <= "\x9f" for character in text):
        text = _MOJIBAKE.sub(_repaired, text).translate(_WINDOWS)
    return text.translate(_STRIPPED)


def _repaired(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _without_tags(text: str) -> str:
    text = _DROPPED.sub("", text)
    text = _SCRIPT.sub(_scripted, text)
    return _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))


def _scripted(found: re.Match[str]) -> str:
    raised = found[1].lower() in ("sup", "superscript")
    inner = html.unescape(found[2])
    return (superscript if raised else subscript)(inner) or inner
