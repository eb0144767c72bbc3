"""What cannot be answered is refused in one line by the package's own errors, whatever the type that was handed in."""

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, ToleranceNotMet

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=20), signal=rc.PowerLawSignal(b=3), noise="1/10")
RUN = rc.Run(PROBLEM, model_size=5, schedule=rc.Constant("1/10"), steps=[1, 10])
TWO = rc.MultipleOutputs(
    spectrum=rc.PowerLaw(a=2, dimension=20), signals=[rc.PowerLawSignal(b=2), rc.PowerLawSignal(b=3)]
)
WHOLE = np.random.default_rng(0).standard_normal((5, 20))


@pytest.mark.parametrize("road", [rc.Equivalent, rc.Exact])
@pytest.mark.parametrize("field", ["arb", 3, object(), rc.Arb])
def test_a_field_is_a_field(road, field):
    with pytest.raises(InvalidInput, match=r"field must be Arb\(\) or Mpmath\(\)"):
        road(digits=10, field=field)


def test_certified_is_yes_or_no():
    with pytest.raises(InvalidInput, match="certified must be True or False"):
        rc.Equivalent(digits=10, certified="no")


def test_a_road_is_not_its_class():
    with pytest.raises(InvalidInput, match="method must be a road"):
        rc.risk(RUN, method=rc.Equivalent)


def dependent(kind):
    sketch = WHOLE.copy()
    sketch[4] = {"none": 0 * sketch[0], "same": sketch[0], "sum": sketch[0] + sketch[1] / 3}[kind]
    return sketch


@pytest.mark.parametrize("kind", ["none", "same", "sum"])
def test_dependent_features_are_refused(kind):
    """A feature that is a combination of others would, by rounding, become a mode that fits part of the signal."""
    with pytest.raises(InvalidInput, match="linearly dependent"):
        rc.risk(RUN, method=rc.Exact(sketch=dependent(kind)))


@pytest.mark.parametrize("sketch", [np.zeros((5, 20)), np.ones((5, 20)), dependent("same"), dependent("none")])
def test_dependent_features_are_refused_in_digits(sketch):
    with pytest.raises(ToleranceNotMet, match="rows are independent"):
        rc.risk(RUN, method=rc.Exact(sketch=sketch, digits=10))


def test_features_of_very_different_size_are_answered():
    """Independent rows of any scale are no reason to refuse."""
    scaled = WHOLE / 10
    scaled[4] *= 1e-12
    curve = rc.risk(RUN, method=rc.Exact(sketch=scaled))
    digits = rc.risk(RUN, method=rc.Exact(sketch=scaled, digits=20))
    assert curve.excess == pytest.approx(digits.excess, rel=1e-9)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_sketches_beyond_floats_are_refused(scale):
    with pytest.raises(InvalidInput, match="beyond what float64 holds"):
        rc.risk(RUN, method=rc.Exact(sketch=WHOLE * scale))


@pytest.mark.parametrize(
    ("covariance", "reason"),
    [
        ("x", "a real matrix of shape"),
        ([[1, 1j], [-1j, 1]], "a real matrix of shape"),
        ([[np.inf, 0], [0, 1]], "not finite"),
        ([[1, np.nan], [np.nan, 1]], "not finite"),
        ([[0, 0.5], [0.5, 1]], "output 1 has noise of variance 0"),
        ([[1, 2], [2, 1]], "eigenvalue"),
    ],
)
def test_noise_covariances_that_are_none(covariance, reason):
    with pytest.raises(InvalidInput, match=reason):
        TWO.with_noise_covariance(covariance)


def test_noise_covariance_goes_in_and_comes_out():
    given = [[1e-200, 0.5e-200], [0.5e-200, 1e-200]]
    assert TWO.with_noise_covariance(given).noise_covariance() == pytest.approx(np.array(given), rel=1e-12, abs=0)


@pytest.mark.parametrize("wrong", [{"signals": rc.PowerLawSignal(b=2)}, {"signals": 3}, {"counts": 2}])
def test_outputs_come_in_lists(wrong):
    given = {"spectrum": rc.PowerLaw(a=2, dimension=20), "signals": TWO.signals} | wrong
    with pytest.raises(InvalidInput, match="must be a list, one for each distinct output"):
        rc.MultipleOutputs(**given)


KERNELS = {
    "complex target": lambda: rc.Brownian().expand(lambda x: np.exp(1j * x), dimension=3),
    "complex kernel": lambda: rc.DotProduct(function=lambda t: 1j * t).eigenvalues(3),
    "nan profile": lambda: rc.ArcCosine(order=0).expand(rc.Zonal(lambda h: h * np.nan), dimension=5),
    "scalar profile": lambda: rc.ArcCosine(order=0).expand(rc.Zonal(lambda h: 1.0), dimension=5),
    "break off the sphere": lambda: rc.Zonal(np.abs, breaks=(3.0,)),
    "break nowhere": lambda: rc.Zonal(np.abs, breaks=(np.nan,)),
    "text for points": lambda: rc.Brownian()("x", [0.5]),
    "text on the line": lambda: rc.GaussianLine()("x", [0.5]),
    "complex points": lambda: rc.ArcCosine(order=0)([[1j, 0, 0]], [[1, 0, 0]]),
    "spread beyond floats": lambda: rc.GaussianLine(spread=1e200),
    "negative power": lambda: rc.PiecewisePolynomial.monomial(-1),
    "broken power": lambda: rc.PiecewisePolynomial.monomial(1.5),
    "no ends": lambda: rc.PiecewisePolynomial(None, None),
}


@pytest.mark.parametrize("case", KERNELS)
def test_kernels_and_targets_refuse(case):
    with pytest.raises(InvalidInput) as caught:
        KERNELS[case]()
    assert "\n" not in str(caught.value)


def test_more_eigenfunctions_of_a_kernel_than_memory_holds():
    for kernel in (rc.Brownian(), rc.GaussianLine(length=1, spread=1), rc.ArcCosine(order=1, d=3)):
        with pytest.raises(InvalidInput, match="too large to be held"):
            kernel.eigenvalues(10**18)
