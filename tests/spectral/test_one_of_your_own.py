"""Spectra added from outside: which roads take them, and that they say of them what they say of the plain list.

A list as numbers is the reference: it takes neither the law's own digits, nor gathering, nor registered sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.twin import resized
from riskcalc.errors import InvalidInput
from riskcalc.exact.precise.curve import precise_curve
from riskcalc.problem import Law, Problem, Spectrum
from riskcalc.problem.spectrum import Arithmetic
from riskcalc.spectral.blocks import smooth_law
from riskcalc.spectral.of_problem import sums_on
from riskcalc.spectral.power_law_sums import PowerLawSums
from riskcalc.spectral.sums import SpectralSums


@dataclass(frozen=True)
class Listed:
    """A spectrum in the fewest words: geometric decay, as floats."""

    dimension: int

    def eigenvalues(self) -> np.ndarray:
        return 0.9 ** np.arange(self.dimension)

    def describe(self) -> dict[str, Any]:
        return {"decay": "9/10"}

    def resized(self, dimension: int | None) -> Listed:
        return Listed(dimension or 1000)


@dataclass(frozen=True)
class Shifted:
    """A law: lambda_j = (j + 3)^-2, of Zipf and Mandelbrot."""

    dimension: int

    def eigenvalues(self) -> np.ndarray:
        return (np.arange(1.0, self.dimension + 1) + 3) ** -2

    def describe(self) -> dict[str, Any]:
        return {"shift": 3}

    def resized(self, dimension: int | None) -> Shifted:
        return Shifted(dimension or 1000)

    def at(self, places: Sequence[Any], field: Arithmetic) -> list[Any]:
        return [(j + 3) ** -2 for j in places]

    def steepness(self, place: float) -> float:
        return 2.0

    def fall(self, place: int) -> float:
        return float(2 * np.log((self.dimension + 3) / (place + 3)))

    def smallest(self) -> float:
        return float((self.dimension + 3) ** -2.0)


@dataclass(frozen=True)
class Halved:
    """lambda_j = j^-2a in infinite dimension, with sums of its own."""

    a: int
    dimension: None = None

    def eigenvalues(self) -> np.ndarray:
        raise InvalidInput("endless")

    def describe(self) -> dict[str, Any]:
        return {"half": self.a}

    def resized(self, dimension: int | None) -> Halved:
        return self


@sums_on.register
def _halved(spectrum: Halved, problem: Problem) -> SpectralSums:
    b = Fraction(problem.power_law_signal.b)
    return PowerLawSums(a=Fraction(2 * spectrum.a), b=b, dimension=None, spectrum_scale=1.0, signal_scale=1.0)


SIGNAL = rc.PowerLawSignal(b="5/2")
OWN = {"listed": Listed(80), "shifted": Shifted(80)}
WAYS = {
    "equivalent": rc.Equivalent(),
    "equivalent, digits": rc.Equivalent(digits=18),
    "exact": rc.Exact(seed=1),
    "exact, digits": rc.Exact(seed=1, digits=18),
    "simulated": rc.MonteCarlo(runs=20, seed=1),
}


def problems(spectrum):
    """On it, and on the list of its eigenvalues with the same signal."""
    own = Problem(spectrum=spectrum, signal=SIGNAL, noise="1/5")
    return own, replace(own, spectrum=rc.ExplicitSpectrum(spectrum.eigenvalues()))


def run_on(problem, size, step="1/10"):
    return rc.Run(problem, model_size=size, schedule=rc.Constant(step), steps=[0, 7, 200], batch_size=2)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OWN)
def test_every_road_takes_it(name, way):
    found, listed = (rc.risk(run_on(one, 8, "1/20"), method=WAYS[way]) for one in problems(OWN[name]))
    # a list of floats has other digits from the seventeenth on
    assert np.asarray(found.excess) == pytest.approx(np.asarray(listed.excess), rel=1e-12)
    assert found.excess[-1] < found.excess[0]


@pytest.mark.parametrize("name", OWN)
def test_without_a_sketch(name):
    found, listed = (rc.Unsketched().curve(run_on(one, 80, "1/50")) for one in problems(OWN[name]))
    assert found.excess == pytest.approx(listed.excess, rel=1e-12)


@pytest.mark.parametrize("name", OWN)
def test_least_squares(name):
    asked = {"model_size": 8, "samples": 30, "ridge": "1/100"}
    found, listed = (rc.ridge_risk(one, **asked).excess for one in problems(OWN[name]))
    assert found == listed


def test_a_law_is_gathered_and_a_list_is_not():
    spectrum = Shifted(3000)
    own, listed = problems(spectrum)
    assert isinstance(spectrum, Law)
    assert isinstance(Listed(5), Spectrum)
    assert not isinstance(Listed(5), Law)
    assert smooth_law(own) is spectrum
    assert smooth_law(listed) is None
    run = run_on(own, 3000, "1/5")
    found = precise_curve(run, None, digits=15, field=None, described={})
    right = rc.Unsketched().curve(replace(run, problem=listed))
    assert found.excess == pytest.approx(right.excess, rel=1e-9)


def test_sums_of_its_own_reach_infinite_dimension():
    endless = Problem(spectrum=Halved(1), signal=SIGNAL)
    found = rc.risk(run_on(endless, 50), method=rc.Equivalent())
    right = rc.risk(run_on(replace(endless, spectrum=rc.PowerLaw(a=2)), 50), method=rc.Equivalent())
    assert found.excess.tolist() == right.excess.tolist()


def test_a_smaller_twin_is_drawn_from_it():
    run = run_on(Problem(spectrum=Listed(400), signal=SIGNAL, noise=1), 4, "1/20")
    assert resized(run, 4, dimension=40).problem.spectrum == Listed(40)


def test_what_is_proved_of_power_laws_is_refused():
    with pytest.raises(InvalidInput, match="power"):
        rc.risk(run_on(Problem(spectrum=Listed(40), signal=SIGNAL), 4), method=rc.Asymptotic())


@pytest.mark.parametrize("wrong", [Problem(spectrum=Listed(4), signal=SIGNAL), Listed, [1.0, 0.5]])
def test_what_is_no_spectrum_is_refused(wrong):
    with pytest.raises(InvalidInput, match="spectrum must be"):
        Problem(spectrum=wrong, signal=SIGNAL)


@dataclass
class Loose:
    """No frozen value: it has no hash, and may change between two questions."""

    values: np.ndarray

    @property
    def dimension(self) -> int:
        return len(self.values)

    def eigenvalues(self) -> np.ndarray:
        return self.values

    def describe(self) -> dict[str, Any]:
        return {"values": self.values.tolist()}

    def resized(self, dimension: int | None) -> Loose:
        return Loose(self.values[:dimension])


@pytest.mark.parametrize("data", [rc.OnePass(), rc.FullBatch(samples=20), rc.WithReplacement(samples=20)])
def test_a_spectrum_without_a_hash_is_answered_anew_each_time(data):
    def curve(spectrum):
        problem = rc.Problem(spectrum=spectrum, signal=rc.PowerLawSignal(b=2), noise="1/10")
        run = rc.Run(problem, model_size=5, schedule=rc.Constant("1/10"), steps=[0, 30], data=data)
        return rc.risk(run).excess.tolist()

    loose = Loose(np.arange(1.0, 41.0) ** -2)
    for decay in (2.0, 1.5):
        loose.values = np.arange(1.0, 41.0) ** -decay
        assert curve(loose) == curve(rc.ExplicitSpectrum(loose.values))
