"""Theorem F.6 of Lin et al.: the average of all iterates at constant step size."""

from __future__ import annotations

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.theorems.power_laws import power_law_terms, power_laws
from riskcalc.theorems.setting import averaged
from riskcalc.theorems.statement import Statement


def theorem_f6(run: Run) -> Statement:
    """Iterate average, isotropic prior: N takes the place of N_eff.

    The paper has no theorem for the last iterate at constant step size, whose noise does not decay.

    Parameters
    ----------
    run : Run
        At its last step, at constant step size with averaging=IterateAverage().

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
    Formula: M^{1-a} + (N gamma)^{1/a-1} + sigma2 min{M, (N gamma)^{1/a}}/N, scales kept as in `theorem_41`.

    Valid: power laws with a > 1 and b = a, constant step size, batch size 1, end of the run,
    averaging=IterateAverage().

    Source: Lin et al. (arXiv 2406.08466), theorem F.6.

    Examples
    --------
    >>> from riskcalc import Constant, IterateAverage, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> run = Run(problem, model_size=100, schedule=Constant("1/10"), steps=[1024], averaging=IterateAverage())
    >>> sorted(theorem_f6(run).terms)
    ['approximation', 'bias', 'variance']
    """
    setting = averaged(run)
    laws = power_laws(run.problem)
    if laws.b != laws.a:
        raise InvalidInput(f"theorem F.6 is about the isotropic prior, b = a: here b = {laws.b}, a = {laws.a}")
    return power_law_terms(laws, setting, theorem="F.6")
