"""The setting of Lin, Wu, Kakade, Bartlett and Lee, "Scaling Laws in Linear Regression" (arXiv 2406.08466)."""

from __future__ import annotations

import math
from fractions import Fraction

from riskcalc.curve import Averaging, LastIterate, Run, checked_run
from riskcalc.errors import InvalidInput
from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.problem import GaussianPrior, PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import NumberLike, NumbersLike, flag, number, whole
from riskcalc.schedule import Constant, Geometric

STEP_SIZE = Fraction(1, 10)
NOISE = 1


def lin2024(
    *,
    a: NumberLike,
    model_size: NumberLike,
    samples: NumberLike,
    b: NumberLike | None = None,
    dimension: int | None = None,
    step_size: NumberLike = STEP_SIZE,
    noise: NumberLike = NOISE,
    averaging: Averaging | None = None,
    fixed: bool = False,
    steps: NumbersLike | None = None,
) -> Run:
    """One run in their setting: batch size 1, covariance of trace 1, step size 1/10 and label noise 1.

    Parameters
    ----------
    a : number
        Decay of the spectrum.
    model_size : number
        M.
    samples : number
        N.
    b : number or None, default None
        Decay of the signal power; None: isotropic, b = a.
    dimension : int or None, default None
        Theirs is 20000 for a = 3/2 and 2000 for a = 2 in figures 1 and 3; None is infinite.
    step_size : number, default 1/10
        Gamma.
    noise : number, default 1
        Variance of the label noise.
    averaging : Averaging or None, default None
        Which iterates are averaged, with a constant step size then.
    fixed : bool, default False
        Whether the target is w_j = j^((a-b)/2) in place of a random one.
    steps : number or sequence of numbers or None, default None
        Recorded; N alone where not given.

    Returns
    -------
    Run
        For `risk`, or to be changed by dataclasses.replace.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: lambda_j = c j^-a with sum lambda = 1; w_j ~ N(0, j^(a-b)), so that lambda_j E w_j^2 = c j^-b,
    isotropic without b. The last iterate goes with the geometric schedule of N = samples, averages with a constant
    step size.

    Valid: as for `Run`; an infinite dimension needs a > 1 and b > 1.

    Source: Lin et al., section 5 and assumptions 1 and 2; figures 1 (last iterate) and 3 (average of all iterates).

    Examples
    --------
    >>> run = lin2024(a=2, model_size=100, samples=4096, dimension=2000)
    >>> run.schedule.describe()["name"], run.problem.signal.b, float(run.problem.eigenvalues().sum().round(12))
    ('geometric', None, 1.0)
    """
    spectrum = trace_normalised(a, dimension=dimension)
    horizon = whole(samples, "samples", least=1)
    prior: GaussianPrior | PowerLawSignal
    if flag(fixed, "fixed"):
        prior = PowerLawSignal(b=spectrum.a if b is None else number(b, "b"), scale=spectrum.scale)
    elif b is None:
        prior = GaussianPrior()
    else:
        prior = GaussianPrior(b=number(b, "b"), scale=spectrum.scale)
    size = number(step_size, "step_size")
    last = averaging is None or isinstance(averaging, LastIterate)
    return Run(
        Problem(spectrum=spectrum, signal=prior, noise=number(noise, "noise")),
        model_size=model_size,
        schedule=Geometric(size) if last else Constant(size),
        steps=[horizon] if steps is None else steps,
        horizon=horizon,
        averaging=averaging,
    )


def trace_normalised(a: NumberLike, *, dimension: int | None = None) -> PowerLaw:
    """The power law of trace 1: lambda_j = c j^-a with c = 1/sum_j j^-a, in infinite dimension 1/zeta(a).

    Parameters
    ----------
    a : number
        Decay of the spectrum.
    dimension : int or None, default None
        v; None is infinite.

    Returns
    -------
    PowerLaw
        With the scale that makes its trace 1.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: a > 0; a > 1 in infinite dimension.

    Source: Lin et al. (arXiv 2406.08466), section 5.

    Examples
    --------
    >>> round(trace_normalised(2).scale, 12)  # 6/pi^2
    0.607927101854
    """
    law = PowerLaw(a=number(a, "a"), dimension=dimension)
    (total,) = power_law_sums(1.0, a=law.a, dimension=law.dimension, exponents=((law.a, 0),))
    return PowerLaw(a=law.a, dimension=law.dimension, scale=1 / float(total.real))


def effective_samples(samples: NumberLike) -> float:
    """N_eff = N/log2 N: the samples between two halvings of the step size.

    Parameters
    ----------
    samples : number
        N.

    Returns
    -------
    float
        N_eff.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: N >= 2.

    Source: Lin et al. (arXiv 2406.08466), equation 3.

    Examples
    --------
    >>> effective_samples(1024)
    102.4
    """
    count = number(samples, "samples")
    if count < 2:
        raise InvalidInput(f"N_eff = N/log2 N needs at least 2 samples, not {samples}")
    return float(count) / math.log2(count)


def effective_time(samples: NumberLike, step_size: NumberLike = STEP_SIZE, *, averaged: bool = False) -> float:
    """N_eff gamma, the time that decides bias and variance; N gamma where iterates are averaged (theorem F.6).

    Parameters
    ----------
    samples : number
        N.
    step_size : number, default 1/10
        Gamma.
    averaged : bool, default False
        Whether the iterates are averaged.

    Returns
    -------
    float
        The time, without a unit.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: N >= 2, gamma > 0.

    Source: Lin et al. (arXiv 2406.08466), theorems 4.1 and F.6.

    Examples
    --------
    >>> effective_time(1024, 1), effective_time(1024, 1, averaged=True)
    (102.4, 1024.0)
    """
    every = flag(averaged, "averaged")
    count = float(number(samples, "samples")) if every else effective_samples(samples)
    size = float(number(step_size, "step_size"))
    if count <= 0 or size <= 0:
        raise InvalidInput(f"samples and step_size must be positive, not {samples} and {step_size}")
    return count * size


def resolved_directions(run: Run) -> float:
    """min{M, #{lambda_j >= 1/(N_eff gamma)}}, the order of the effective dimension that the variance carries.

    Parameters
    ----------
    run : Run
        Of a power law.

    Returns
    -------
    float
        A number of directions.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: a power law; the geometric schedule, or a constant one with averaging (N in place of N_eff).

    Source: Lin et al., theorem 4.1, Var ~ min{M, (N_eff gamma)^(1/a)}/N_eff.

    Examples
    --------
    >>> resolved_directions(lin2024(a=2, model_size=100, samples=10**6))
    55.0
    """
    checked_run(run)
    spectrum = run.problem.spectrum
    if not isinstance(spectrum, PowerLaw):
        raise InvalidInput("resolved directions are counted for power laws: the spectrum must be PowerLaw(a=...)")
    averaged = not isinstance(run.averaging, LastIterate)
    if not isinstance(run.schedule, Constant if averaged else Geometric):
        raise InvalidInput(
            f"resolved directions are counted for Geometric(...), or Constant(...) with averages, not {run.schedule!r}"
        )
    time = effective_time(run.horizon, run.schedule.peak(horizon=run.horizon), averaged=averaged)
    count = math.floor((float(spectrum.scale) * time) ** (1 / float(spectrum.a)))
    return float(min(float(run.model_size), count, math.inf if spectrum.dimension is None else spectrum.dimension))
