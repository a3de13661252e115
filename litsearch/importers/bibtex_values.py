"""BibTeX values: enclosings removed, macros put in, concatenations joined."""

import re
from collections.abc import Mapping

MONTHS = {
    month: month.capitalize()
    for month in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
}


def value_of(raw: str, strings: Mapping[str, str]) -> str:
    """A value without its enclosing, macros put in and concatenations joined.

    bibtexparser's own middleware joins no ``#`` and copies every macro for each parsed entry.
    """
    return "".join(_piece(piece.strip(), strings) for piece in _pieces(raw))


def lacks_comma(raw: str) -> bool:
    """Whether the next field is in the value, as bibtexparser reads it where no comma parts the two."""
    return _NEXT_FIELD.search(raw) is not None and not all(map(_is_whole, _pieces(raw)))


_NEXT_FIELD = re.compile(r"[}\"\s]\s*[A-Za-z][\w-]*\s*=\s*[{\"\w]")


def _is_whole(piece: str) -> bool:
    """Whether the enclosing that the piece begins with ends with the piece."""
    piece = piece.strip()
    if piece[:1] not in ("{", '"'):
        return not re.search(r"[\s={}\"]", piece)
    depth = 0
    for place, character in enumerate(piece):
        if piece[place - 1 : place] == "\\":
            continue
        if character in "{}":
            depth += 1 if character == "{" else -1
        if depth == 0 and place and character == ("}" if piece[0] == "{" else '"'):
            return place == len(piece) - 1
    return True


def _piece(piece: str, strings: Mapping[str, str]) -> str:
    if len(piece) > 1 and piece[0] + piece[-1] in ("{}", '""'):
        return piece[1:-1]
    return strings.get(piece.lower(), piece)


def _pieces(raw: str) -> list[str]:
    if "#" not in raw:
        return [raw]
    pieces, start, depth, quoted = [], 0, 0, False
    for place, character in enumerate(raw):
        if character in "{}" and raw[place - 1 : place] != "\\":
            depth += 1 if character == "{" else -1
        elif character == '"' and depth == 0:
            quoted = not quoted
        elif character == "#" and depth == 0 and not quoted:
            pieces.append(raw[start:place])
            start = place + 1
    return [*pieces, raw[start:]]
