"""Raised and lowered text in Unicode's own characters for it."""

_SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδφχ∘′'*†∗",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠᵡ°′′*†*",
)
_SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)


def superscript(text: str) -> str | None:
    """The text in Unicode superscripts, or None where a character of it has none."""
    return _script(text, _SUPERSCRIPTS)


def subscript(text: str) -> str | None:
    """The text in Unicode subscripts, or None where a character of it has none."""
    return _script(text, _SUBSCRIPTS)


def _script(text: str, table: dict[int, int]) -> str | None:
    text = text.strip()
    return text.translate(table) if all(ord(character) in table for character in text) else None
