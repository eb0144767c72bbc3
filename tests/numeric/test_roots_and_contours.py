"""Root bracketing, the ellipse rule and the inverse transform, each on a case with a known answer."""

import math

import numpy as np
import pytest

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.contour import ellipse
from riskcalc.numeric.inversion import WINDOW, cotangent, windows
from riskcalc.numeric.roots import decreasing_root


def test_root_of_a_decreasing_function():
    assert decreasing_root(lambda x: 2 - x**3, 0.0, 5.0, width=1e-15) == pytest.approx(2 ** (1 / 3), rel=1e-14)


def test_missing_root_is_an_error():
    with pytest.raises(ToleranceNotMet, match="bracketed"):
        decreasing_root(lambda x: 1 + x**2, 0.0, 5.0, width=1e-9)


def test_ellipse_rule_converges_at_its_stated_rate():
    """Each further digit asked for lowers the error by a decade until rounding stops it."""

    def error(digits):
        half = ellipse(low=-1.0, high=1.0, height=0.7, digits=digits)
        # 1/(2 pi i) times the integral of 1/sqrt(y^2 - 1) is 1: a branch cut that fills the segment
        root = np.sqrt(half.nodes - 1) * np.sqrt(half.nodes + 1)
        return abs(2 * np.real(np.sum(half.weights / root) / (2j * np.pi)) - 1)

    for digits in (3, 6, 9, 12):
        assert error(digits) < 10.0**-digits
    assert error(15) < 1e-14


@pytest.mark.parametrize("power", [0.3, 0.5, 1.0, 1.4])
def test_inverse_transform_of_a_power(power):
    """The transform p^-power belongs to t^(power - 1)/Gamma(power), at all times of one window."""
    start = 1e5
    contour = cotangent(start=start, nodes=28)
    times = np.geomspace(start, WINDOW * start, 5)
    found = contour.invert(contour.nodes**-power, times)
    assert np.allclose(found, times ** (power - 1) / math.gamma(power), rtol=1e-11, atol=0)


def test_windows_cover_all_times_once():
    times = np.array([64.0, 70, 95, 97, 1e3, 1e18])
    cuts = windows(times)
    assert [times[part].tolist() for _, part in cuts] == [[64, 70, 95], [97], [1e3], [1e18]]
    assert all(times[part][-1] <= WINDOW * start for start, part in cuts)
