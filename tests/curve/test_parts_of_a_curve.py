"""A curve at some of its steps, and how it is written."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

RUN = rc.Run(
    rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal(3)),
    model_size=10,
    schedule=rc.Constant("3/10"),
    steps="0,1,10,100",
)


@pytest.fixture(scope="module", params=[rc.Equivalent(), rc.Equivalent(digits=30)], ids=["floats", "digits"])
def curve(request):
    return rc.risk(RUN, method=request.param)


def test_a_part_is_the_curve_at_these_steps(curve):
    assert len(curve) == 4
    part = curve.at([100, 1])
    assert part.steps == (1, 100)
    assert part == curve[1::2]
    for name in ("excess", "bias", "variance"):
        np.testing.assert_array_equal(getattr(part, name), getattr(curve, name)[[1, 3]])
    if curve.decimals is not None:
        assert part.decimals["risk"] == (curve.decimals["risk"][1], curve.decimals["risk"][3])
        assert part.decimals["approximation"] == curve.decimals["approximation"]
    assert curve[::-1] == curve  # steps ascend
    assert rc.RiskCurve.from_json(part.to_json()) == part


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda curve: curve.at(50), "step 50 is not recorded: the nearest are 10, 100"),
        (lambda curve: curve.at([]), "no step of the curve is chosen"),
        (lambda curve: curve[9:], "no step of the curve is chosen"),
        (lambda curve: curve[1], r"cut by slices, curve\[3:7\], not by 1: for one step ask curve.at"),
        (lambda curve: curve.at("ten"), "steps must be a number"),
    ],
)
def test_what_is_not_there_is_refused(curve, ask, says):
    with pytest.raises(InvalidInput, match=says):
        ask(curve)


def test_print_writes_what_the_command_line_does(curve):
    lines = str(curve).splitlines()
    assert lines[0].startswith("# problem:")
    assert np.loadtxt(lines)[:, 1] == pytest.approx(curve.risk, rel=1e-9)
    assert repr(curve) == "RiskCurve(4 steps, 0 to 100; deterministic equivalent; computed)"
