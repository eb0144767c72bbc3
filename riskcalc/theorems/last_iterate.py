"""Theorems 4.1 and 4.2 of Lin et al.: power laws, the last iterate under the halving schedule."""

from __future__ import annotations

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.theorems.setting import MANY_FEATURES, SMALL_STEP, Setting, last_iterate
from riskcalc.theorems.statement import Kind, Statement


def theorem_41(run: Run) -> Statement:
    """Isotropic prior: b = a.

    Formula: M^{1-a} + (N_eff gamma)^{1/a-1} + sigma2 min{M, (N_eff gamma)^{1/a}}/N_eff; scales of spectrum and
    signal are kept: time is counted in units of the largest eigenvalue, risk in units of the signal's scale.
    Valid: power laws with a > 1 and b = a, halving schedule, batch size 1, end of the run; else InvalidInput.
    Source: Lin et al. (arXiv 2406.08466), theorem 4.1.
    """
    setting = last_iterate(run)
    spectrum, signal = power_laws(run.problem)
    a, b = spectrum.a, signal.b
    if a != b:
        raise InvalidInput(f"theorem 4.1 is about the isotropic prior, b = a: here b = {b}, a = {a}; see theorem_42")
    return power_law_terms(run.problem, setting, theorem="4.1")


def theorem_42(run: Run) -> Statement:
    """Source condition: signal power j^-b.

    Formula: M^{1-b} + (N_eff gamma)^{-(b-1)/a} + sigma2 min{M, (N_eff gamma)^{1/a}}/N_eff, scales kept as in
    `theorem_41`.
    Valid: 1 < b < a + 1, strictly. At and beyond b = a + 1 the paper has bounds that do not match; the truth there is
    in D12 and on the road `Asymptotic`.
    Source: Lin et al. (arXiv 2406.08466), theorem 4.2.

    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> run = Run(problem, model_size=100, schedule=Geometric("1/10"), steps=[1024])
    >>> {name: round(value, 6) for name, value in theorem_42(run).terms.items()}
    {'approximation': 0.001, 'bias': 0.174693, 'variance': 0.03125}
    """
    setting = last_iterate(run)
    spectrum, signal = power_laws(run.problem)
    a, b = spectrum.a, signal.b
    if not 1 < b < a + 1:
        raise InvalidInput(f"theorem 4.2 needs 1 < b < a + 1: here b = {b}, a = {a}")
    return power_law_terms(run.problem, setting, theorem="4.2")


def power_laws(problem: Problem) -> tuple[PowerLaw, PowerLawSignal]:
    """Spectrum and signal of a problem that is two power laws with a > 1."""
    spectrum, signal = problem.spectrum, problem.signal
    if not (isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal)):
        raise InvalidInput("the theorem is about power laws: give PowerLaw(a=...) and PowerLawSignal(b=...)")
    if spectrum.a <= 1:
        raise InvalidInput(f"the theorem needs a > 1, not a = {spectrum.a}")
    return spectrum, signal


def power_law_terms(problem: Problem, setting: Setting, *, theorem: str) -> Statement:
    """The three terms common to theorems 4.1, 4.2 and F.6; they differ in what N_eff is."""
    spectrum, signal = power_laws(problem)
    a, b, scale = float(spectrum.a), float(signal.b), float(signal.scale)
    time = setting.time * float(spectrum.scale)
    learnt = min(setting.model_size, time ** (1 / a))
    terms = {
        "approximation": scale * setting.model_size ** (1 - b),
        "bias": scale * time ** (-(b - 1) / a),
        "variance": setting.noise * learnt / setting.effective_samples,
    }
    return Statement(theorem=theorem, kind=Kind.ORDER, terms=terms, provided=(SMALL_STEP, MANY_FEATURES))
