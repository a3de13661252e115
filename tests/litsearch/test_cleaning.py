"""Cleaning of text, LaTeX and names."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litsearch.cleaning import clean_prose, clean_text, from_latex
from litsearch.names import parse_name, split_names
from litsearch.papers import Author


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a <i>b</i> c", "a b c"),
        ("p < 0.05 and x > 3, <mask>", "p < 0.05 and x > 3, <mask>"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>", "H₂O, 10⁻³"),
        ("&lt;i&gt;E. coli&lt;/i&gt; &amp; &#945;", "E. coli & α"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("<script>alert(1)</script>text", "text"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07x", "red x"),
        ("a\u202eb\u2066c\u200bd\ufeff\U000e0041", "abcd"),
        ("users\x92 \xe2\x80\x94 it", "users’ — it"),
        ("cafe\u0301", "café"),
        (" a\t b\n\nc ", "a b c"),
        ("\ud800x", "x"),
    ],
)
def test_text_is_cleaned(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text(max_size=80))
def test_clean_text_is_harmless_and_stays_as_it_is(text: str) -> None:
    clean = clean_text(text)
    assert clean.isprintable() or not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in clean)
    assert unicodedata.is_normalized("NFC", clean)
    assert "  " not in clean
    assert clean == clean.strip()
    clean.encode()


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"{\"o}", "ö"),
        (r"\c Celik, \v Skoda", "Çelik, Škoda"),
        (r"{\$}O(n{\^{}}2){\$} is {\textgreater} 10{\%} {\&} {\~{}}", "$O(n^2)$ is > 10% & ~"),
        (r"\'Arp\'ad", "Árpád"),
        (r"na\"\i ve Sk\l odowska", "naïve Skłodowska"),
        (r"Erd{\H o}s, Sm{\o}rg{\aa}s, {\'{\i}}", "Erdős, Smørgås, í"),
        (r"$\alpha$-helix and $\beta $-decay", "α-helix and β-decay"),
        ("{T}itle of {BERT}", "Title of BERT"),
        (r"\textit{E. coli} and {\em others}", "E. coli and others"),
        (r"$H_2O$, $10^{-3}$, $\mathbb{R}^n$, 10$^{\circ}$C", "H₂O, 10⁻³, ℝⁿ, 10°C"),
        (r"$O(n \log n)$", "O(n log n)"),
        (r"$T_c$ and $x_{i,j}$", "T_c and x_{i,j}"),
        (r"$\frac{a+b}{c}$", r"$\frac{a+b}{c}$"),
        (r"\unknown{foo} C:\temp", r"\unknown{foo} C:\temp"),
        ("50% of a_b, cost $5 to $10 & more", "50% of a_b, cost $5 to $10 & more"),
        (r"\$a\_\{i\}\$ \textasciicircum{}2 \textbackslash{}frac\{a\}", r"$a_{i}$ ^2 \frac{a}"),
        (r"50\% of a\_b \& c", "50% of a_b & c"),
        (r"\textbackslash{}{RR} and \textasciitilde{}{BERT}", r"\RR and ~BERT"),
        (r"\href{http://x.y}{here} \url{http://a.b/~c}", "here http://a.b/~c"),
        (r"\input{/etc/passwd}", r"\input{/etc/passwd}"),
    ],
)
def test_latex_becomes_unicode_or_stays_readable(tex: str, text: str) -> None:
    assert from_latex(tex) == text


def test_prose_keeps_what_only_looks_like_tex() -> None:
    assert clean_prose("the set {a, b} ~ 5 -- 10, ``so''") == "the set {a, b} ~ 5 -- 10, ``so''"
    assert from_latex("the set {a, b}~5 -- 10, ``so''") == "the set a, b 5 – 10, “so”"


_TEX = [*"\\{}$^_%&~`'\"a bo#[]()", "\\frac", "\\'", "\\href"]


@given(st.lists(st.sampled_from(_TEX), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_no_latex_raises(tex: str) -> None:
    assert isinstance(from_latex(tex), str)
    assert isinstance(clean_prose(tex), str)


@pytest.mark.parametrize(
    ("name", "family", "given_name"),
    [
        ("Knuth, Donald E.", "Knuth", "Donald E."),
        ("Donald E. Knuth", "Knuth", "Donald E."),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig"),
        ("Maria de los Santos", "de los Santos", "Maria"),
        ("{van der Berg}, Jan", "van der Berg", "Jan"),
        ("{OpenAI Team}", "OpenAI Team", ""),
        ("World Health Organization", "World Health Organization", ""),
        ("King, Jr., Martin Luther", "King Jr.", "Martin Luther"),
        ("Martin Luther King Jr.", "King Jr.", "Martin Luther"),
        ("Smith JA", "Smith", "JA"),
        ("Smith J.A.", "Smith", "J.A."),
        ("van der Berg J.-P.", "van der Berg", "J.-P."),
        ("Çelik Ö. A.", "Çelik", "Ö. A."),
        ("B McCulloch", "McCulloch", "B"),
        ("王小明", "王小明", ""),
        ("김 민수", "김 민수", ""),
        ("王, 小明", "王", "小明"),
        (r"Erd{\H o}s, P{\'a}l", "Erdős", "Pál"),
        ("Jane Doe (University of X)", "Doe", "Jane"),
        ("bell hooks", "hooks", "bell"),
        ("Plato", "Plato", ""),
        ("", "", ""),
    ],
)
def test_names_are_told_apart(name: str, family: str, given_name: str) -> None:
    assert parse_name(name) == Author(family, given_name)


@given(st.text(max_size=30))
def test_no_name_raises(name: str) -> None:
    assert parse_name(name).name == clean_text(parse_name(name).name)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Doe, Jane; Roe, R.", ["Doe, Jane", "Roe, R."]),
        ("Jane Doe, Richard Roe and J. Poe", ["Jane Doe", "Richard Roe", "J. Poe"]),
        ("Doe, Jane and Roe, R.", ["Doe, Jane", "Roe, R."]),
        ("Smith J., Doe A.", ["Smith J.", "Doe A."]),
        ("Smith, J., Doe, A.", ["Smith, J.", "Doe, A."]),
        ("Smith, John", ["Smith, John"]),
        ("van der Berg, Jan Erik", ["van der Berg, Jan Erik"]),
        ("Jane Doe et al.", ["Jane Doe et al."]),
        ("", []),
    ],
)
def test_cells_of_names_are_split(cell: str, names: list[str]) -> None:
    assert split_names(cell) == names
