"""Answers on a page: as text, as HTML that is well formed, as LaTeX."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.display import Facts, Formula, Grid, Lines, Page
from riskcalc.display.as_html import as_html
from riskcalc.display.as_latex import as_latex
from riskcalc.display.as_text import as_text

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal("7/2"))
RUN = rc.Run(PROBLEM, model_size=10, schedule=rc.Constant("3/10"), steps="0,10..1e6")
ANSWERS = {
    "exponents": lambda: rc.exponents(a=2, b="7/2"),
    "diagram": lambda: rc.phase_diagram(paper_letters=False),
    "curve": lambda: rc.risk(RUN),
}


class Tags(HTMLParser):
    """Tags that are open, what was seen, and all text."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], set(), ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(html):
    tags = Tags()
    tags.feed(html)
    assert not tags.open
    return tags


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_shown_by_a_notebook_and_printed(name):
    answer = ANSWERS[name]()
    tags = parsed(answer._repr_html_())
    assert {"table", "caption", "td"} <= tags.seen
    text = str(answer)
    assert "<" not in text.replace(" < ", "")
    assert len(text.splitlines()) > 5
    for block in answer.page().blocks:
        for row in block.rows[:8] if isinstance(block, Grid) else ():
            assert all(str(cell) in text for cell in row)
            assert all(cell in tags.text for cell in row if not isinstance(cell, Formula))


def test_whatever_is_no_formula_is_written_out():
    dollars = "a < b & \"c\" costs $3 or $4 <script>alert(1)</script>"
    page = Page(dollars, (Facts(((dollars, dollars),)), Grid((dollars,), ((dollars,),)), Lines((dollars,))))
    html = as_html(page)
    assert "<script" not in html
    assert "$" not in html.replace("<span>$</span>", "")
    assert parsed(html).text.count(dollars) == 6


def test_a_long_table_is_cut_in_a_notebook_and_says_so():
    rows = tuple((str(row),) for row in range(100))
    html = as_html(Page("it", (Grid(("row",), rows),)))
    assert "76 rows more" in html
    assert html.count("<tr>") == 1 + 24 + 1
    whole = as_html(Page("it", (Grid(("row",), rows[:25]),)))
    assert "more" not in whole


def test_regions_are_written_as_people_do():
    text = str(rc.phase_diagram(paper_letters=False))
    for region in ("a > 1, b < a + 1", "a + 1 < b < 2*a", "2 - sqrt(2) < a < 1, b > a + 1", "inside b > 1"):
        assert region in text


def test_an_exponent_of_zero_is_explained():
    assert "let the step size be free" in str(rc.exponents(a=2, b="5/2", noise=1))
    assert "let the step size" not in str(rc.exponents(a=2, b="5/2", noise=1, schedule="cosine", step_size="free"))


def test_exponents_are_set_as_people_write_them():
    html = rc.exponents(a=2, b="5/2", noise=1)._repr_html_()
    for formula in (r"M^{-3/2}", r"\gamma^{-3/4} t^{-3/4}", "C^{0}", r"\lambda_j = j^{-2}"):
        assert f"${formula}" in html
    assert "^{-0}" not in html
    best = rc.compute_optimal(PROBLEM, compute="1e9", step_size="1/10", local=False)
    assert r"$F_{pp} \sim F_{ac} \text{ (phase II)}$" in best._repr_html_()


EVERYTHING = {
    "exponents": ANSWERS["exponents"],
    "diagram": ANSWERS["diagram"],
    "run": lambda: RUN,
    "optimum": lambda: rc.compute_optimal(PROBLEM, compute="1e9", step_size="1/10", local=False),
    "step size": lambda: rc.tuned_step_size(rc.Run(PROBLEM, model_size=10, step_size="1/5", steps=[100])),
    "ridge": lambda: rc.tuned_ridge(PROBLEM, model_size=10, samples=20),
    "fit of least squares": lambda: rc.ridge_risk(PROBLEM, model_size=10, samples=20, ridge="1/10"),
    "floor of all": lambda: rc.bayes_risk(PROBLEM, samples=20),
    "reuse": lambda: rc.reuse_rate(PROBLEM, model_size=10, samples=20, passes="1,2", step_size="1/10"),
    "problem": lambda: PROBLEM,
    "outputs": lambda: rc.MultipleOutputs.every_output(PROBLEM, outputs=3),
    "measured": lambda: rc.Problem(spectrum=rc.ExplicitSpectrum([1, 0.5]), signal=rc.ExplicitSignal([1, 2])),
    "fit": lambda: rc.fit_exponents((np.arange(1, 50), np.arange(1, 50) ** -0.5)),
    "scaling law": lambda: LAW,
    "split": lambda: LAW.allocation(1e6),
    "cross-check": lambda: rc.crosscheck(
        rc.Run(
            rc.Problem(spectrum=rc.PowerLaw(2, dimension=20), signal=rc.PowerLawSignal(3)),
            model_size=5,
            schedule=rc.Constant("1/5"),
            steps=[10],
        ),
        methods=[rc.Exact()],
    ),
}
SIZES, SAMPLES = np.meshgrid([10.0, 20, 40, 80, 160], [500.0, 1000, 2000, 4000])
LAW = rc.fit_scaling_law(SIZES.ravel(), SAMPLES.ravel(), (1 + 2 / SIZES + 3 / SAMPLES**0.5).ravel())


@pytest.mark.parametrize("name", EVERYTHING)
def test_everything_that_is_answered_has_a_page_and_a_short_name(name):
    answer = EVERYTHING[name]()
    page, text = answer.page(), str(answer)
    assert text == as_text(page)
    assert parsed(answer._repr_html_()).text
    assert len(repr(answer)) < 200
    assert "\n" not in repr(answer)
    assert repr(answer).split("(")[0] == type(answer).__name__
    for block in page.blocks:
        for fact, value in block.pairs if isinstance(block, Facts) else ():
            assert fact in text
            assert " ".join(str(value).split()) in " ".join(text.split())


@pytest.mark.parametrize("name", [*ANSWERS, *EVERYTHING])
def test_latex_is_balanced_and_escaped(name):
    latex = {**ANSWERS, **EVERYTHING}[name]()._repr_latex_()
    assert latex.count(r"\begin{tabular}") == latex.count(r"\end{tabular}")
    outside = re.sub(r"\$[^$]*\$", "", latex.replace(r"\$", ""))
    for letter in "%#_^~":
        assert letter not in outside.replace(f"\\{letter}", "")
    for table in re.findall(r"\\begin\{tabular\}\{(l+)\}\n(.*?)\n\\end", latex, re.DOTALL):
        rows = [row for row in table[1].split("\n") if row != r"\hline"]
        assert all(len(re.findall(r"(?<!\\)&", row)) == len(table[0]) - 1 for row in rows)


def test_text_that_latex_would_read_is_written_out():
    page = Page("it", (Facts((("50 % of $x_1$ & ~^{}\\<>|\"", "#"),)),))
    latex = as_latex(page)
    assert r"50 \% of \$x\_1\$ \& \textasciitilde{}\textasciicircum{}\{\}\textbackslash{}\textless{}" in latex


def test_long_sentences_are_broken_where_a_page_says_so():
    line = "   note: " + "many words " * 30
    text = as_text(Page("it", (Lines((line,), width=60),)))
    assert max(map(len, text.splitlines())) <= 60
    assert text.split() == line.split()
    assert all(part.startswith("     ") for part in text.splitlines()[1:])
    assert as_text(Page("it", (Lines((line,)),))) == line
