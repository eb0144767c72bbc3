"""The page as a file: what it holds, how large it is, that it names nothing outside; and what is refused."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
import sympy

from riskcalc.errors import InvalidInput
from riskcalc.explorer import explore
from riskcalc.explorer.expressions import Expressions, polynomial_of
from riskcalc.explorer.questions import Asked, questions
from riskcalc.explorer.writing import page
from riskcalc.scaling.question import ALPHA, BETA

MOST = 400_000  # bytes
TERMS = ("F_0", "F_pp", "F_ac", "K_pp", "noise", "excess")


class _Elements(HTMLParser):
    """Every element with its attributes, and which controls have a name."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def text():
    return page([Asked()])


def test_the_page_is_small_and_names_nothing_outside(text):
    # the largest page of all is measured in the browser tests
    assert len(text.encode()) < MOST / 2
    assert not re.search(r"https?://|@import|url\((?!#)|fetch\(|XMLHttpRequest|WebSocket|import\(", text)
    sources = [(tag, one) for tag, one in _Elements(text).found if one.keys() & {"src", "href", "data", "action"}]
    assert [(tag, one.get("href")) for tag, one in sources] == [("link", "data:,"), ("a", "#answer")]
    policy = next(one["content"] for tag, one in _Elements(text).found if one.get("http-equiv"))
    assert "default-src 'none'" in policy


def test_every_control_has_a_name_for_a_screen_reader(text):
    markup = text[: text.index("<script>")]
    labelled = set(re.findall(r'<label for="(\w+)"', markup))
    inside = set(re.findall(r'<label>(?:(?!</label>).)*?<(?:select|input) id="(\w+)"', markup, flags=re.DOTALL))
    controls = [one for tag, one in _Elements(markup).found if tag in ("select", "input")]
    assert {one["id"] for one in controls} == labelled | inside
    assert len(controls) == 12
    canvas = next(one for tag, one in _Elements(markup).found if tag == "canvas")
    # an application: its arrow keys are not the screen reader's
    assert (canvas["tabindex"], canvas["role"]) == ("0", "application")


def test_every_colour_stands_out_from_both_grounds():
    style = (files("riskcalc.explorer") / "page" / "page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): light-dark\((#\w{6}, #\w{6})\)", style))
    words = ("ink", "faint", "accent", "wrong", *TERMS)
    for place in (0, 1):
        shades = {name: _luminance(pair.split(", ")[place]) for name, pair in colours.items()}
        for least, names in ((4.5, words), (3, ("family", "focus"))):
            low = {name: _contrast(shades[name], shades[ground]) for name in names for ground in ("ground", "raised")}
            assert min(low.values()) >= least, low


def _luminance(colour: str) -> float:
    """Of WCAG 2, relative."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_an_expression_is_its_polynomials(text):
    tables = Expressions()
    value = -ALPHA * (2 * ALPHA + 2 * BETA - 1) / (2 * ALPHA * BETA - 3 * ALPHA - 2 * BETA + 1) / 6
    index = tables.fraction(value)
    assert tables.fraction(sympy.factor(value)) == index
    one = tables.written[index]
    polynomials = list(tables.polynomials)
    top, bottom = (
        sum(sympy.Integer(c) * ALPHA**i * BETA**j for c, i, j in polynomials[one[name]]) for name in ("top", "bottom")
    )
    assert sympy.simplify(sympy.Rational(*one["times"]) * top / bottom - value) == 0


def test_an_irrational_boundary_keeps_its_place():
    slope, height = (sympy.Integer(term[0]) for term in polynomial_of(ALPHA - 1 + sympy.sqrt(2) / 2))
    assert abs(-height / slope - (1 - sympy.sqrt(2) / 2)) < sympy.Rational(1, 10**48)


def test_every_choice_of_the_menus_is_a_question():
    asked = questions(("constant", "cosine"))
    assert len(asked) == len(set(asked)) == 29
    assert len({one.question() for one in asked}) == 17
    assert {one.budget for one in asked if one.schedule == "cosine"} == {"compute", "data"}
    assert {one.optimiser for one in asked if one.schedule == "cosine"} == {"sgd", "heavy-ball:9/10"}


@pytest.mark.parametrize(
    ("path", "schedules", "told"),
    [
        ("page.pdf", ["constant"], "ends in .html"),
        ("page.html", [], "at least one schedule"),
        ("page.html", ["sine"], "names of schedules are needed"),
        ("nowhere/page.html", ["constant"], "nowhere"),
    ],
)
def test_what_cannot_be_written_is_refused_before_it_is_derived(path, schedules, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("riskcalc.explorer.writing.page", lambda asked: pytest.fail("derived"))
    with pytest.raises(InvalidInput, match=told):
        explore(path, schedules=schedules)
