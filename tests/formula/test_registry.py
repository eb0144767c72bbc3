"""The registry: every formula named, sourced, and printable with letters of the glossary."""

from __future__ import annotations

import pytest

from riskcalc.errors import InvalidInput
from riskcalc.formula import formula, formulas
from riskcalc.notation import GLOSSARY


def test_names_are_unique_and_every_row_is_complete():
    rows = formulas()
    assert len({row.name for row in rows}) == len(rows) >= 30
    for row in rows:
        assert row.source in {"D01", "D02", "D03", "D50", "D51"}
        assert len(row.meaning) > 10
        assert formula(row.name) == row


@pytest.mark.parametrize("row", formulas(), ids=lambda row: row.name)
def test_every_letter_is_in_the_glossary(row):
    assert {str(symbol.name) for symbol in row.symbols} <= set(GLOSSARY)


@pytest.mark.parametrize("row", formulas(), ids=lambda row: row.name)
def test_latex_is_balanced_and_free_of_python_names(row):
    for text in (row.latex(), row.latex(expand=True)):
        assert text.count("{") == text.count("}")
        assert text.count(r"\left(") == text.count(r"\right)")
        assert not any(word in text for word in ("SpectralSum", "approximation", "lambda_", "sigma2"))


def test_compact_latex_names_the_pieces():
    assert formula("signal-resolvent").latex() == r"\Phi(u) = \frac{\varsigma(u)}{m(u)}"
    assert "q^{t}" in formula("forcing").latex()
    assert r"\sum_{j=1}^{v}" in formula("forcing").latex(expand=True)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InvalidInput, match="dispersion-slope"):
        formula("dispersal")
