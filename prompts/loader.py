"""Templates: found, checked when loaded, and filled into prompts.

A template is a Markdown file: front matter with its name and version, then ``# System`` with the rules
of the call and ``# User`` with the material, where ``{{name}}`` stands for a value.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Name = Literal[
    "follow_up",
    "plan",
    "pseudo_answers",
    "judge",
    "distill",
    "compose",
    "outline",
    "section",
    "gaps",
    "claims",
    "questions",
    "revise",
    "verify",
    "screen",
    "extract",
    "synthesise",
]
NAMES: tuple[Name, ...] = get_args(Name)

_SHIPPED = Path(__file__).parent
_LAYOUT = re.compile(
    r"---\n(?P<front>.*?)\n---\n\s*# System\n(?P<system>.*?)\n# User\n(?P<user>.*)", re.DOTALL
)
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_IDENTIFIER = re.compile(r"[a-z][a-z_]*")


class PromptError(Exception):
    """A template that can't be used: what is wrong, in which file, and what mends it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Prompt:
    """A filled template. ``hash`` is of the template, not of what it was filled with."""

    name: str
    version: str
    hash: str
    system: str  # the rules: who the model is, what it does, what a good reply is
    text: str  # the material of this call


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    version: str
    hash: str
    system: str
    text: str

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the values that :meth:`fill` wants."""
        return frozenset(_PLACEHOLDER.findall(self.system + self.text))

    def fill(self, **values: str) -> Prompt:
        """Put the values in, all at once: ``{{...}}`` within a value stays as it is.

        Raises:
            PromptError: a value is missing, or there is no place for it.
        """
        if values.keys() != self.placeholders:
            raise PromptError(
                f"the prompt {self.name!r} takes {_listed(self.placeholders)}, not {_listed(values.keys())}"
            )

        def put(part: str) -> str:
            return _PLACEHOLDER.sub(lambda match: values[match[1]], part)

        return Prompt(self.name, self.version, self.hash, put(self.system), put(self.text))


def load(name: Name, overrides: Path | None = None) -> Template:
    """The template of that name: the user's, where the folder ``overrides`` has ``NAME.md``, else ours.

    Raises:
        PromptError: the file can't be read, is not laid out as a template, or its placeholders are not
            those of ours.
    """
    shipped = _read(_SHIPPED / f"{name}.md", name)
    path = overrides / f"{name}.md" if overrides else None
    if path is None or not path.exists():
        return shipped
    own = _read(path, name)
    if missing := shipped.placeholders - own.placeholders:
        raise PromptError(f"{path}: the template lacks {_braced(missing)}", "Put it where the value belongs")
    if unknown := own.placeholders - shipped.placeholders:
        raise PromptError(
            f"{path}: the template asks for {_braced(unknown)}, which this call does not have",
            f"It has {_braced(shipped.placeholders)}",
        )
    return own


def fence(secret: bytes, text: str) -> str:
    """Wrap text from outside so that a model can tell where it starts and ends.

    The marker is an HMAC of the text: whoever wrote the text can't have put its end inside, for want of
    the secret, and the same text is wrapped in the same way each time, so that equal calls stay equal.
    """
    marker = hmac.new(secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:12]
    return f"<data {marker}>\n{text}\n</data {marker}>"


def _read(path: Path, name: str) -> Template:
    try:
        source = path.read_text(encoding="utf-8").replace("\r\n", "\n").removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}: the template can't be read ({error})") from error
    parts = _LAYOUT.fullmatch(source)
    if not parts:
        raise PromptError(
            f"{path}: not laid out as a template",
            "It has front matter between two lines '---', then '# System', then '# User'",
        )
    front = dict(_entry(path, line) for line in parts["front"].splitlines() if line.strip())
    if front.keys() != {"name", "version"} or front["name"] != name:
        raise PromptError(f"{path}: the front matter must be 'name: {name}' and a 'version: ...'")
    for placeholder in _PLACEHOLDER.findall(source):
        if not _IDENTIFIER.fullmatch(placeholder):
            raise PromptError(
                f"{path}: {{{{{placeholder}}}}} is no placeholder",
                "A placeholder is a name in lower-case letters, without spaces",
            )
    fingerprint = hashlib.sha256(source.encode()).hexdigest()[:12]
    return Template(name, front["version"], fingerprint, parts["system"].strip(), parts["user"].strip())


def _entry(path: Path, line: str) -> tuple[str, str]:
    field, colon, value = line.partition(":")
    if not colon:
        raise PromptError(f"{path}: the front matter has a line that is no 'field: value': {line!r}")
    return field.strip(), value.strip()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in sorted(names))
