"""Theorem 4.3 of Lin et al.: a spectrum that decays by a logarithm only."""

from __future__ import annotations

import math
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.problem import GaussianPrior, LogarithmicPowerLaw, Regression
from riskcalc.theorems.setting import MANY_FEATURES, SMALL_STEP, last_iterate
from riskcalc.theorems.statement import Kind, Statement

_PROVIDED = (SMALL_STEP, MANY_FEATURES, "for the lower bound of the bias: N_eff gamma <= M^c with a small c")


def theorem_43(run: Run) -> Statement:
    """Logarithmic spectrum lambda_j = j^-1 log^-a(j + 1) with an isotropic prior.

    Parameters
    ----------
    run : Run
        At its last step, under the halving schedule with batch size 1, on a LogarithmicPowerLaw.

    Returns
    -------
    Statement
        The terms of the bound by the parts that they bound, without the constants in front of them.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: log^{1-a} M + log^{1-a}(N_eff gamma) + sigma2 min{M, N_eff gamma/log^a(N_eff gamma)}/N_eff.

    Valid: a > 1, N_eff gamma > 1, halving schedule, batch size 1, end of the run.

    Source: Lin et al. (arXiv 2406.08466), theorem 4.3; D19 has the constants.

    Examples
    --------
    >>> from riskcalc import GaussianPrior, Geometric, LogarithmicPowerLaw, Problem, Run
    >>> problem = Problem(spectrum=LogarithmicPowerLaw(a=2), signal=GaussianPrior(), noise=1)
    >>> run = Run(problem, model_size=100, schedule=Geometric("1/10"), steps=[1024])
    >>> sorted(theorem_43(run).terms)
    ['approximation', 'bias', 'variance']
    """
    setting = last_iterate(run)
    spectrum, variance = _isotropic(run.problem)
    decay, time = float(1 - Fraction(spectrum.a)), setting.time * float(spectrum.scale)
    if time <= math.e or setting.model_size <= 1:
        raise InvalidInput(
            f"the theorem's logarithms need N_eff gamma > e and M > 1, not {time:.4g} and M = {run.model_size}"
        )
    scale = variance * float(spectrum.scale)
    learnt = min(setting.model_size, time / math.log(time) ** float(spectrum.a))
    terms = {
        "approximation": scale * math.log(setting.model_size) ** decay,
        "bias": scale * math.log(time) ** decay,
        "variance": setting.noise * learnt / setting.effective_samples,
    }
    return Statement(theorem="4.3", kind=Kind.ORDER, terms=terms, provided=_PROVIDED)


def _isotropic(problem: Regression) -> tuple[LogarithmicPowerLaw, float]:
    """The logarithmic spectrum of a problem, and the variance of its isotropic prior."""
    spectrum, signal = problem.spectrum, getattr(problem, "signal", None)
    if not isinstance(spectrum, LogarithmicPowerLaw):
        raise InvalidInput(f"theorem 4.3 is about LogarithmicPowerLaw(a=...), not {type(spectrum).__name__}")
    if not isinstance(signal, GaussianPrior) or signal.b is not None:
        raise InvalidInput("theorem 4.3 is about an isotropic prior: give the signal GaussianPrior()")
    return spectrum, float(signal.scale)
