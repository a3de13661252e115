"""On which line of a TOML file each value stands; the standard reader does not say."""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')', re.DOTALL)
_PLAIN = re.compile(r"[^,\]}\n#]*")  # a number, date or boolean
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[btnfr"\\])')
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, of each table, key and element of an array, by its path of keys and positions.

    The text is valid TOML: whether it is, is for the reader to say.
    """
    return _Walk(text.replace("\r\n", "\n")).lines()


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}  # tables of an array so far

    def lines(self) -> Mapping[Path, int]:
        table: Path = ()
        while self._skip(_SPACE) < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _header(self) -> Path:
        several = self._text.startswith("[[", self._at)
        line = self._line()
        self._at += 2 if several else 1
        table: Path = ()
        keys = self._keys()
        for n, key in enumerate(keys, 1):
            table = (*table, key)
            if n == len(keys) and several:
                self._arrays[table] = self._arrays.get(table, -1) + 1
            if table in self._arrays:
                self._found.setdefault(table, line)
                table = (*table, self._arrays[table])
            self._found.setdefault(table, line)
        self._at += 2 if several else 1
        return table

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self._found.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._text.startswith("[", self._at):
            self._array(path)
        elif self._text.startswith("{", self._at):
            self._inline(path)
        elif not any(self._take(kind) for kind in (_LONG, _BASIC, _LITERAL)):
            self._take(_PLAIN)

    def _array(self, path: Path) -> None:
        self._at += 1
        n = 0
        while not self._text.startswith("]", self._skip(_SPACE)):
            self._found[*path, n] = self._line()
            self._value((*path, n))
            n += 1
            self._comma()
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while not self._text.startswith("}", self._skip(_SPACE)):
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._text.startswith(",", self._skip(_SPACE)):
            self._at += 1

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_BLANK)
            word = self._take(_BASIC) or self._take(_LITERAL) or self._take(_BARE)
            keys.append(_key(word))
            if not self._text.startswith(".", self._skip(_BLANK)):
                return keys
            self._at += 1

    def _skip(self, pattern: "re.Pattern[str]") -> int:
        self._take(pattern)
        return self._at

    def _take(self, pattern: "re.Pattern[str]") -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1


def _key(word: str) -> str:
    if word.startswith('"'):
        return _ESCAPE.sub(lambda found: _unescaped(found[1]), word[1:-1])
    return word[1:-1] if word.startswith("'") else word


def _unescaped(code: str) -> str:
    return _ESCAPED[code] if code in _ESCAPED else chr(int(code[1:], 16))
