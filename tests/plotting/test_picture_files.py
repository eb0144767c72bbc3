"""Pictures as files: the ending decides the format, and the same picture is the same file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.plotting import plot_curve, save_picture

pytest.importorskip("matplotlib")

CURVE = RiskCurve(
    steps=(0, 1, 10),
    excess=np.array([1.0, 0.5, 0.2]),
    irreducible=0.0,
    approximation=0.1,
    claim=Claim.GIVEN_SKETCH,
    warrant=Warrant.COMPUTED,
)


@pytest.mark.parametrize(
    ("name", "first_bytes"), [("curve.png", b"\x89PNG"), ("curve.SVG", b"<?xml"), ("curve.pdf", b"%PDF")]
)
def test_the_ending_decides_the_format(tmp_path: Path, name: str, first_bytes: bytes) -> None:
    save_picture(plot_curve(CURVE), tmp_path / name)
    content = (tmp_path / name).read_bytes()
    assert content.startswith(first_bytes)
    again = tmp_path / f"again{Path(name).suffix}"
    save_picture(plot_curve(CURVE), str(again))
    assert again.read_bytes() == content


@pytest.mark.parametrize("name", ["curve.jpg", "curve", "curve.png.txt", ".png"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"must end in \.png, \.svg or \.pdf"):
        save_picture(plot_curve(CURVE), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["no/such/folder/curve.png", "\0.png"])
def test_places_that_cannot_be_written_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot write the picture"):
        save_picture(plot_curve(CURVE), tmp_path / name)


@pytest.mark.slow
def test_a_notebook_shows_a_figure_without_pyplot() -> None:
    code = (
        "import sys, riskcalc as rc; "
        "p = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal(3)); "
        "c = rc.risk(rc.Run(p, model_size=10, schedule=rc.Constant('1/5'), steps=[0, 1, 10])); "
        "print(c.plot()._repr_png_()[1:4].decode(), rc.plot_phases(rc.phase_diagram())._repr_png_()[1:4].decode(), "
        "'matplotlib.pyplot' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert shown == ["PNG", "PNG", "False"]
