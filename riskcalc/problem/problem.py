"""The learning problem: spectrum, signal and label noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.problem.signal import ExplicitSignal, PowerLawSignal, Signal
from riskcalc.problem.spectrum import ExplicitSpectrum, PowerLaw, Spectrum, powers
from riskcalc.problem.vectors import Vector
from riskcalc.quantity import Number, number, plain


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Linear regression y = <w, x> + noise with covariance eigenvalues lambda_j.

    Valid: noise >= 0 (a variance). An infinite dimension needs a > 1 and b > 1. An explicit signal needs as many
    coefficients as the spectrum has eigenvalues.

    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> problem.dimension is None
    True
    """

    spectrum: Spectrum
    signal: Signal
    noise: Number = 0

    def __post_init__(self) -> None:
        if not isinstance(self.spectrum, PowerLaw | ExplicitSpectrum):
            raise InvalidInput(f"spectrum must be PowerLaw(...) or ExplicitSpectrum(...), not {self.spectrum!r}")
        if not isinstance(self.signal, PowerLawSignal | ExplicitSignal):
            raise InvalidInput(f"signal must be PowerLawSignal(...) or ExplicitSignal(...), not {self.signal!r}")
        object.__setattr__(self, "noise", number(self.noise, "noise"))
        if self.noise < 0:
            raise InvalidInput(f"noise is a variance and cannot be negative, but it is {self.noise}")
        if isinstance(self.signal, PowerLawSignal):
            if self.dimension is None and self.signal.b <= 1:
                raise InvalidInput(
                    f"b={self.signal.b} with infinite dimension makes the risk infinite at step 0: "
                    "use b > 1, or give a finite dimension"
                )
            if self.dimension is not None and -float(self.signal.b) * math.log10(self.dimension) > 300:
                raise InvalidInput(
                    f"b={self.signal.b} makes the signal power j^-b overflow at j={self.dimension}: "
                    "use a larger b"
                )
        elif self.signal.values.size != self.dimension:
            raise InvalidInput(
                f"{self.signal.values.size} target coefficients for a spectrum of dimension "
                f"{self.dimension or 'infinity'}: they must be as many"
            )

    @property
    def dimension(self) -> int | None:
        """Ambient dimension v, None when infinite."""
        return self.spectrum.dimension

    @property
    def is_power_law(self) -> bool:
        """Whether spectrum and signal are both power laws."""
        return isinstance(self.spectrum, PowerLaw) and isinstance(self.signal, PowerLawSignal)

    def eigenvalues(self) -> Vector:
        """lambda_j as a vector of length v (finite dimension)."""
        return self.spectrum.eigenvalues()

    def signal_power(self) -> Vector:
        """lambda_j w_j^2 as a vector of length v (finite dimension)."""
        if isinstance(self.signal, PowerLawSignal):
            return float(self.signal.scale) * powers(self.dimension, -float(self.signal.b))
        return np.asarray(self.eigenvalues() * self.signal.values**2)

    def target(self) -> Vector:
        """w_j as a vector of length v (finite dimension); zero where the eigenvalue is zero."""
        if isinstance(self.signal, ExplicitSignal):
            return self.signal.values
        eigenvalues, power = self.eigenvalues(), self.signal_power()
        positive = eigenvalues > 0
        # two roots: the quotient of extreme values could overflow where its root does not
        size = np.divide(np.sqrt(power), np.sqrt(eigenvalues), out=np.zeros_like(power), where=positive)
        return self.signal.signed(size)

    def describe(self) -> dict[str, Any]:
        """Everything that defines the problem, as plain JSON values (numbers as text that reads back exactly)."""
        described: dict[str, Any] = {"dimension": self.dimension, "noise": plain(self.noise)}
        if isinstance(self.spectrum, PowerLaw):
            described |= {"a": plain(self.spectrum.a), "spectrum_scale": plain(self.spectrum.scale)}
        else:
            described["eigenvalues"] = self.spectrum.values.tolist()
        if isinstance(self.signal, PowerLawSignal):
            described |= {"b": plain(self.signal.b), "signal_scale": plain(self.signal.scale)}
            if self.signal.signs is not None:
                described["signal_signs"] = self.signal.signs
        else:
            described["target"] = self.signal.values.tolist()
        return described
