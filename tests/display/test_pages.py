"""Answers on a page: as text, as HTML that is well formed, as LaTeX."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import riskcalc as rc
from riskcalc.display import Facts, Formula, Grid, Lines, Page
from riskcalc.display.as_html import as_html

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
