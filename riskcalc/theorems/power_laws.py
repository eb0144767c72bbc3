"""The problem of theorems 4.1, 4.2 and F.6 of Lin et al.: two power laws."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from riskcalc.errors import InvalidInput
from riskcalc.problem import GaussianPrior, PowerLaw, PowerLawSignal, Regression
from riskcalc.quantity import Number
from riskcalc.theorems.setting import MANY_FEATURES, SMALL_STEP, Setting
from riskcalc.theorems.statement import Kind, Statement


@dataclass(frozen=True, kw_only=True)
class PowerLaws:
    """Eigenvalues spectrum_scale j^-a, signal power signal_scale j^-b (its mean, where there is a prior)."""

    a: Number
    b: Number
    spectrum_scale: float
    signal_scale: float


def power_laws(problem: Regression) -> PowerLaws:
    """The two power laws of a problem, with a > 1."""
    spectrum, signal = getattr(problem, "spectrum", None), getattr(problem, "signal", None)
    if not (isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal | GaussianPrior)):
        raise InvalidInput("the theorem is about power laws: give PowerLaw(a=...) and PowerLawSignal(b=...)")
    if spectrum.a <= 1:
        raise InvalidInput(f"the theorem needs a > 1, not a = {spectrum.a}")
    scale = float(signal.scale)
    if signal.b is None:  # the isotropic prior is scaled by its own variance
        return PowerLaws(
            a=spectrum.a, b=spectrum.a, spectrum_scale=float(spectrum.scale), signal_scale=scale * float(spectrum.scale)
        )
    return PowerLaws(a=spectrum.a, b=signal.b, spectrum_scale=float(spectrum.scale), signal_scale=scale)


def power_law_terms(laws: PowerLaws, setting: Setting, *, theorem: str) -> Statement:
    """The three terms common to the theorems; they differ in what N_eff is."""
    a, b, scale = Fraction(laws.a), Fraction(laws.b), laws.signal_scale
    time = setting.time * laws.spectrum_scale
    learnt = min(setting.model_size, time ** float(1 / a))
    terms = {
        "approximation": scale * setting.model_size ** float(1 - b),
        "bias": scale * time ** float((1 - b) / a),
        "variance": setting.noise * learnt / setting.effective_samples,
    }
    return Statement(theorem=theorem, kind=Kind.ORDER, terms=terms, provided=(SMALL_STEP, MANY_FEATURES))
