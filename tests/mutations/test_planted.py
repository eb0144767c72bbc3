"""The list of planted errors fits the package as it is; `python -m tests.mutations` plants them."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.mutations.planted import ROOT, Planted, read_planted

LIST = read_planted()


@pytest.mark.parametrize("planted", LIST, ids=lambda planted: planted.name)
def test_each_error_can_be_planted_and_has_its_tests(planted):
    text = (ROOT / planted.file).read_text(encoding="utf-8")
    wrong = planted.applied(text)
    assert "\n" not in planted.right + planted.wrong
    # of a page's scripts and styles there is no tree to compare
    told = (lambda source: ast.dump(ast.parse(source))) if planted.file.endswith(".py") else str
    assert told(wrong) != told(text)
    assert all((ROOT / test.partition("::")[0]).exists() for test in planted.tests)


def test_every_room_has_one():
    rooms = {path.name for path in (ROOT / "riskcalc").iterdir() if (path / "__init__.py").exists()}
    assert rooms <= {planted.file.split("/")[1] for planted in LIST}


def test_names_are_unique():
    assert not [name for name, count in Counter(planted.name for planted in LIST).items() if count > 1]


def test_an_error_that_no_longer_fits_is_refused():
    gone = Planted(name="x", file="riskcalc/answer.py", right="no such piece", wrong="", tests=("tests",))
    with pytest.raises(ValueError, match="stands 0 times"):
        gone.applied("text")
