"""The learning problem: spectrum, signal and label noise."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from riskcalc.display import Displayed, Page
from riskcalc.errors import InvalidInput
from riskcalc.problem.page import formula_of, page_of_problem
from riskcalc.problem.signal import ExplicitSignal, GaussianPrior, PowerLawSignal, Signal
from riskcalc.problem.spectrum import CLOSEST, Law, PowerLaw, Spectrum, powers
from riskcalc.quantity import GivenNumber, Number, Real, frozen, given, number, of_type, plain


@frozen(kw_only=True)
class Problem(Displayed):
    """Linear regression y = <w, x> + noise with covariance eigenvalues lambda_j.

    Parameters
    ----------
    spectrum : Spectrum
        Eigenvalues of the covariance of x: PowerLaw(a), LogarithmicPowerLaw(a), ExplicitSpectrum(values) or a class
        of a user's own.
    signal : Signal
        The target in the eigenbasis: PowerLawSignal(b), GaussianPrior(b) or ExplicitSignal(values).
    noise : number, default 0
        Variance sigma2 of the label noise, in units of the labels squared.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: noise >= 0 (a variance). An infinite dimension needs a > 1 and b > 1. An explicit signal needs as many
    coefficients as the spectrum has eigenvalues.

    Source: D01, section Statement; the sketched problem of Lin et al. (arXiv 2406.08466).

    Examples
    --------
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> problem.dimension is None
    True
    """

    spectrum: Spectrum
    signal: Signal
    noise: GivenNumber = given(default=0)

    def __post_init__(self) -> None:
        spectra = "PowerLaw(...), LogarithmicPowerLaw(...) or ExplicitSpectrum(...)"
        of_type(self.spectrum, Spectrum, "spectrum", spectra)
        signals = "PowerLawSignal(...), GaussianPrior(...) or ExplicitSignal(...)"
        of_type(self.signal, PowerLawSignal | GaussianPrior | ExplicitSignal, "signal", signals)
        object.__setattr__(self, "noise", number(self.noise, "noise"))
        if self.noise < 0:
            raise InvalidInput(f"noise is a variance and cannot be negative, but it is {self.noise}")
        if isinstance(self.signal, ExplicitSignal):
            if self.signal.values.size != self.dimension:
                raise InvalidInput(
                    f"{self.signal.values.size} target coefficients for a spectrum of dimension "
                    f"{self.dimension or 'infinity'}: they must be as many"
                )
        elif self.signal.b is not None:
            _check_source(self.signal.b, self.dimension)

    def page(self) -> Page:
        """Spectrum, signal and noise."""
        return page_of_problem(
            spectrum=self.spectrum, signals=[self.signal], dimension=self.dimension, noise=self.noise, outputs=1
        )

    def __repr__(self) -> str:
        size = "infinite" if self.dimension is None else self.dimension
        laws = f"eigenvalues {formula_of(self.spectrum)}, signal power {formula_of(self.signal)}"
        return f"Problem({laws}, dimension {size}, label noise {plain(self.noise)})"

    @property
    def dimension(self) -> int | None:
        """Ambient dimension v, None when infinite."""
        return self.spectrum.dimension

    @property
    def is_power_law(self) -> bool:
        """Whether spectrum and signal power are both power laws."""
        return isinstance(self.spectrum, PowerLaw) and self.power_law_signal is not None

    @property
    def power_law_signal(self) -> PowerLawSignal | None:
        """The power law that the signal power follows, for a random target on average; None where it follows none."""
        if isinstance(self.signal, PowerLawSignal):
            return self.signal
        if isinstance(self.signal, GaussianPrior):
            if self.signal.b is not None:
                return PowerLawSignal(b=self.signal.b, scale=self.signal.scale)
            if isinstance(self.spectrum, PowerLaw):
                return PowerLawSignal(b=self.spectrum.a, scale=self.spectrum.scale * self.signal.scale)
        return None

    @property
    def random_target(self) -> bool:
        """Whether the target is drawn from a prior, so that the risk is averaged over it."""
        return isinstance(self.signal, GaussianPrior)

    @property
    def outputs(self) -> int:
        """P, which is 1 here; see `MultipleOutputs`."""
        return 1

    def written_out(self) -> list[Problem]:
        """The scalar problem of every output: this one."""
        return [self]

    def noise_covariance(self) -> Real:
        """Covariance of the label noises, shape (1, 1)."""
        return np.array([[float(self.noise)]])

    def eigenvalues(self) -> Real:
        """lambda_j as a vector of length v (finite dimension)."""
        return self.spectrum.eigenvalues()

    def signal_power(self) -> Real:
        """lambda_j w_j^2, for a random target its mean, as a vector of length v (finite dimension); 0 with lambda_j."""
        if isinstance(self.signal, ExplicitSignal):
            return np.asarray(self.eigenvalues() * self.signal.values**2)
        if self.signal.b is None:
            return np.asarray(float(self.signal.scale) * self.eigenvalues())
        power = float(self.signal.scale) * powers(self.dimension, -float(self.signal.b))
        if not isinstance(self.spectrum, Law):  # of a law no eigenvalue is zero, though floats may hold it as one
            power[self.eigenvalues() == 0] = 0.0
        return power

    def target(self) -> Real:
        """w_j as a vector of length v (finite dimension); zero where the eigenvalue is zero. Refused for a prior."""
        if self.random_target:
            raise InvalidInput("the target is random: there is one for each draw from its prior, not one for all")
        return self.target_size()

    def target_size(self) -> Real:
        """w_j, for a random target its standard deviation, as a vector of length v (finite dimension)."""
        if isinstance(self.signal, ExplicitSignal):
            return self.signal.values
        eigenvalues, power = self.eigenvalues(), self.signal_power()
        positive = eigenvalues > 0
        # two roots: the quotient of extreme values could overflow where its root does not
        size = np.divide(np.sqrt(power), np.sqrt(eigenvalues), out=np.zeros_like(power), where=positive)
        return self.signal.signed(size) if isinstance(self.signal, PowerLawSignal) else size

    def describe(self) -> dict[str, Any]:
        """Everything that defines the problem, as plain JSON values (numbers as text that reads back exactly)."""
        described: dict[str, Any] = {"dimension": self.dimension, "noise": plain(self.noise)}
        described |= self.spectrum.describe()
        if isinstance(self.signal, ExplicitSignal):
            described["target"] = self.signal.values.tolist()
            return described
        if self.signal.b is not None:
            described["b"] = plain(self.signal.b)
        described["signal_scale"] = plain(self.signal.scale)
        if isinstance(self.signal, PowerLawSignal) and self.signal.signs is not None:
            described["signal_signs"] = self.signal.signs
        if isinstance(self.signal, GaussianPrior):
            described["prior"] = "isotropic" if self.signal.b is None else "gaussian"
        return described


def _check_source(b: Number, dimension: int | None) -> None:
    if dimension is None and b <= 1:
        raise InvalidInput(
            f"b={b} with infinite dimension makes the risk infinite at step 0: use b > 1, or give a finite dimension"
        )
    if dimension is None and Fraction(b) - 1 < CLOSEST:
        raise InvalidInput(
            "b is so close to 1 that the risk at step 0 in infinite dimension, about 1/(b - 1), is above 1e300: "
            "use a larger b, or give a finite dimension"
        )
    if dimension is not None and -float(b) * math.log10(dimension) > 300:
        raise InvalidInput(f"b={b} makes the signal power j^-b overflow at j={dimension}: use a larger b")
