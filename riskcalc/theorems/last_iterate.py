"""Theorems 4.1 and 4.2 of Lin et al.: power laws, the last iterate under the halving schedule."""

from __future__ import annotations

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.theorems.power_laws import power_law_terms, power_laws
from riskcalc.theorems.setting import last_iterate
from riskcalc.theorems.statement import Statement


def theorem_41(run: Run) -> Statement:
    """Isotropic prior: b = a.

    Parameters
    ----------
    run : Run
        At its last step, under the halving schedule with batch size 1.

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
    Formula: M^{1-a} + (N_eff gamma)^{1/a-1} + sigma2 min{M, (N_eff gamma)^{1/a}}/N_eff; scales of spectrum and
    signal are kept: time is counted in units of the largest eigenvalue, risk in units of the signal's scale.

    Valid: power laws with a > 1 and b = a, halving schedule, batch size 1, end of the run; else InvalidInput.

    Source: Lin et al. (arXiv 2406.08466), theorem 4.1.

    Examples
    --------
    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> run = Run(problem, model_size=100, schedule=Geometric("1/10"), steps=[1024])
    >>> {name: round(value, 6) for name, value in theorem_41(run).terms.items()}
    {'approximation': 0.01, 'bias': 0.3125, 'variance': 0.03125}
    """
    setting = last_iterate(run)
    laws = power_laws(run.problem)
    a, b = laws.a, laws.b
    if a != b:
        raise InvalidInput(f"theorem 4.1 is about the isotropic prior, b = a: here b = {b}, a = {a}; see theorem_42")
    return power_law_terms(laws, setting, theorem="4.1")


def theorem_42(run: Run) -> Statement:
    """Source condition: signal power j^-b.

    Parameters
    ----------
    run : Run
        At its last step, under the halving schedule with batch size 1.

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
    Formula: M^{1-b} + (N_eff gamma)^{-(b-1)/a} + sigma2 min{M, (N_eff gamma)^{1/a}}/N_eff, scales kept as in
    `theorem_41`.

    Valid: 1 < b < a + 1, strictly. At and beyond b = a + 1 the paper has bounds that do not match; the truth there
    is in D12 and on the road `Asymptotic`.

    Source: Lin et al. (arXiv 2406.08466), theorem 4.2.

    Examples
    --------
    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> run = Run(problem, model_size=100, schedule=Geometric("1/10"), steps=[1024])
    >>> {name: round(value, 6) for name, value in theorem_42(run).terms.items()}
    {'approximation': 0.001, 'bias': 0.174693, 'variance': 0.03125}
    """
    setting = last_iterate(run)
    laws = power_laws(run.problem)
    a, b = laws.a, laws.b
    if not 1 < b < a + 1:
        raise InvalidInput(f"theorem 4.2 needs 1 < b < a + 1: here b = {b}, a = {a}")
    return power_law_terms(laws, setting, theorem="4.2")
