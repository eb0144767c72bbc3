"""Every public name says all of it: parameters, what comes back, what is raised, where it is valid, whence, an example.

That the examples run is seen by the doctests of the default suite.
"""

from __future__ import annotations

import enum
import inspect
import re

import pytest

import riskcalc as rc
from tests.documentation.sections import described, labelled, public, sections

PUBLIC = public()


def faults(name, value):
    """What a docstring lacks."""
    found = sections(inspect.getdoc(value) or "")
    if not re.match(r"\S.*[.:]", found[""].strip(), flags=re.DOTALL):
        yield "a first line"
    kind = inspect.isclass(value) and issubclass(value, enum.Enum)
    expected = set(value.__members__) if kind else set(inspect.signature(value).parameters)
    title = "Attributes" if kind else "Parameters"
    told = described(found.get(title, ""))
    if set(told) != expected:
        yield f"{title} {sorted(expected ^ set(told))}"
    yield from (f"a word on {one}" for one, text in told.items() if not text)
    if expected and not kind and not described(found.get("Raises", "")):
        yield "Raises"
    if not inspect.isclass(value) and inspect.signature(value).return_annotation not in (None, "None"):
        yield from (["Returns"] if not any(described(found.get("Returns", "")).values()) else [])
    notes = labelled(found.get("Notes", ""))
    yield from (f"{one} in its Notes" for one in ("Valid", "Source") if one not in notes)
    if ">>> " not in found.get("Examples", ""):
        yield "an example that runs"


@pytest.mark.every_case
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_every_section(name):
    assert not list(faults(name, PUBLIC[name]))


def test_what_is_missing_is_noticed():
    def undocumented(run, *, seed=0) -> int:
        """Do it.

        Parameters
        ----------
        run : Run
            What is asked.
        seed : int

        Notes
        -----
        Valid: always.
        """

    lacking = ["a word on seed", "Raises", "Returns", "Source in its Notes", "an example that runs"]
    assert list(faults("undocumented", undocumented)) == lacking


def test_errors_that_are_named_exist():
    from riskcalc import errors

    for name, value in PUBLIC.items():
        for error in described(sections(inspect.getdoc(value) or "").get("Raises", "")):
            assert hasattr(errors, error), f"{name} names {error}"


def test_every_paper_that_is_cited_has_an_entry_in_the_bibliography():
    from pathlib import Path

    root = Path(__file__).parents[2]
    entries = set(re.findall(r"eprint = \{([^}]*)\}", (root / "docs/site/references.bib").read_text(encoding="utf-8")))
    files = [*(root / "riskcalc").rglob("*.py"), *(root / "docs").glob("*.md"), *(root / "derivations").glob("*.md")]
    for file in files:
        cited = set(re.findall(r"arXiv[ :](\d{4}\.\d{4,5})", file.read_text(encoding="utf-8")))
        assert cited <= entries, f"{file.name} cites {cited - entries}, which docs/site/references.bib lacks"


def test_every_room_of_a_public_name_has_a_place_in_the_reference():
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("reference", Path(__file__).parents[2] / "docs/site/reference.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    groups = module.grouped()
    assert "Other" not in groups
    assert sorted(name for names in groups.values() for name in names) == sorted(rc.__all__)
