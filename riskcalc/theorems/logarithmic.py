"""Theorem 4.3 of Lin et al.: a spectrum that decays by a logarithm only."""

from __future__ import annotations

import math

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.problem import LogarithmicPowerLaw, PowerLaw, Problem
from riskcalc.theorems.setting import MANY_FEATURES, SMALL_STEP, last_iterate
from riskcalc.theorems.statement import Kind, Statement

_PROVIDED = (SMALL_STEP, MANY_FEATURES, "for the lower bound of the bias: N_eff gamma <= M^c with a small c")


def theorem_43(run: Run) -> Statement:
    """Logarithmic spectrum lambda_j = j^-1 log^-a(j + 1) with an isotropic prior.

    Formula: log^{1-a} M + log^{1-a}(N_eff gamma) + sigma2 min{M, N_eff gamma/log^a(N_eff gamma)}/N_eff.
    Valid: a > 1, N_eff gamma > 1, halving schedule, batch size 1, end of the run.
    Source: Lin et al. (arXiv 2406.08466), theorem 4.3; D19 has the constants.
    """
    a = _logarithmic(run.problem)
    setting = last_iterate(run)
    time = setting.time * float(run.problem.spectrum.scale)
    if time <= math.e or setting.model_size <= 1:
        raise InvalidInput(
            f"the theorem's logarithms need N_eff gamma > e and M > 1, not {time:.4g} and M = {run.model_size}"
        )
    scale = float(run.problem.signal.scale)
    terms = {
        "approximation": scale * math.log(setting.model_size) ** (1 - a),
        "bias": scale * math.log(time) ** (1 - a),
        "variance": setting.noise
        * min(setting.model_size, time / math.log(time) ** a)
        / setting.effective_samples,
    }
    return Statement(
        theorem="4.3",
        kind=Kind.ORDER,
        terms=terms,
        provided=(SMALL_STEP, MANY_FEATURES, "for the lower bound of the bias, N_eff gamma <= M^c with a small c"),
    )


def _logarithmic(problem: Problem) -> float:
    """a of a logarithmic spectrum with an isotropic prior."""
    if not isinstance(problem.spectrum, LogarithmicPowerLaw):
        kind = "a power law" if isinstance(problem.spectrum, PowerLaw) else "explicit"
        raise InvalidInput(f"theorem 4.3 is about LogarithmicPowerLaw(a=...), and this spectrum is {kind}")
    return float(problem.spectrum.a)
