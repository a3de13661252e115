"""Which word pieces are worth a dimension of a sparse vector."""

_FUNCTION_WORD_LIST = """
a about above after again against all also am an and any are as at be because been before being below between
both but by can could did do does doing done down during each either else ever every few for from further had
has have having he her here him his how i if in into is it its itself just may me might more most must my
neither no nor not now of off on once only onto or other our out over own per quite rather s same shall she
should since so some such t than that the their them then there these they this those through thus to too
toward towards under until up upon us very via was we were what when where whether which while who whom whose
why will with within without would yet you your abstract based best case let main many much new novel paper
propose proposed results shedding show showed shown shows study two three use used using well
"""
FUNCTION_WORDS: frozenset[str] = frozenset(_FUNCTION_WORD_LIST.split())


def is_content(piece: str) -> bool:
    """ASCII letters or digits, no function word, no single letter that begins a word.

    Other scripts are left to the other legs: the encoder was trained on English, and BERT's vocabulary has
    their words letter by letter.
    """
    body = piece.removeprefix("##")
    if not (body.isascii() and body.isalnum()) or piece in FUNCTION_WORDS:
        return False
    return len(body) > 1 or piece.startswith("##") or body.isdigit()
