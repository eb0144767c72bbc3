"""Every optimiser by stages, panels and steps, against its own update as it is written, moved step by step."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.trained_recursion import trained_excess
from riskcalc.dynamics import Modes, respond

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=6), signal=rc.PowerLawSignal(b=2), noise="1/5")
TWO = rc.TwoBuffer(delta="1/50", mu="9/10", eta=2)
GROWING = rc.Dana(delta="1/5", decay="1/2", memory=6)
MEAN = rc.ExponentialAverage("1/50")
LONG = 5000  # panels are for runs beyond 4096 steps; and by then fast modes have died out
CASES = {
    "heavy ball in stages": (rc.HeavyBall("4/5"), rc.Geometric("1/20"), None, 900),
    "Nesterov": (rc.Nesterov("9/10"), rc.Constant("1/20"), None, LONG),
    "lookahead": (rc.Nesterov("4/5", at="lookahead"), rc.Geometric("1/20"), None, 900),
    "two buffers": (TWO, rc.Geometric("1/10"), None, 900),
    "DANA": (GROWING, rc.Constant("3/10"), None, LONG),
    "exponential mean in stages": (rc.SGD(), rc.Geometric("3/10"), MEAN, 900),
    "a slow mean": (rc.HeavyBall("4/5"), rc.Geometric("1/20"), rc.ExponentialAverage("1/100000"), 900),
    "mean of the tail": (rc.Nesterov("4/5"), rc.Constant("1/20"), rc.TailAverage("1/2"), 900),
}
LONGER = {
    "heavy ball in panels": (rc.HeavyBall("9/10"), rc.Cosine("1/20"), None, LONG),
    "Nesterov in panels": (rc.Nesterov("9/10"), rc.Cosine("1/20"), None, LONG),
    "schedule-free": (rc.ScheduleFree("9/10"), rc.Constant("3/10"), None, LONG),
    "schedule-free in stages": (rc.ScheduleFree("9/10"), rc.Geometric("3/10"), None, LONG),
    "exponential mean in panels": (rc.HeavyBall("4/5"), rc.Cosine("1/20"), MEAN, LONG),
    "exponential mean": (rc.HeavyBall("4/5"), rc.Constant("1/20"), MEAN, LONG),
}


def few_modes():
    position = np.arange(1.0, 7) ** -3  # some have died out in a long run, some have not
    return Modes(position=position, signal=position**0.7, kernel=position**2, floor=0.1, paired=False)


@pytest.mark.parametrize("case", [*CASES, *(pytest.param(case, marks=pytest.mark.slow) for case in LONGER)])
def test_the_dynamics_is_the_update_as_written(case):
    optimiser, schedule, averaging, last = (CASES | LONGER)[case]
    run = rc.Run(
        PROBLEM,
        model_size=6,
        schedule=schedule,
        steps=(last,) if averaging is not None else (0, 1, 700, last),
        horizon=last,
        batch_size=3,
        optimiser=optimiser,
        averaging=averaging,
    )
    modes = few_modes()
    found = respond(
        modes,
        schedule,
        steps=run.steps,
        horizon=last,
        batch_size=3,
        noise=0.2,
        averaging=run.averaging,
        method=run.training,
    )
    excess = modes.floor + found.bias + found.variance
    np.testing.assert_allclose(excess, trained_excess(modes, run), rtol=2e-12)


EXPLICIT = {
    "heavy ball": (rc.HeavyBall("9/10"), "1/20", 1, 0.05, 200, 2.6, 0.01, 0.0633589596146398244),
    "DANA": (rc.Dana(delta="1/5", decay="1/2", memory=6), "3/10", 2, 0.01, 300, 2.4, 0.005, 0.00822504492556480808),
}


@pytest.mark.parametrize("case", EXPLICIT)
def test_six_modes_to_thirty_digits(case):
    """The excess by a 30-digit recursion of all second moments, cross moments of different modes included."""
    optimiser, size, batch, noise, steps, b, floor, expected = EXPLICIT[case]
    index = np.arange(1.0, 7)
    modes = Modes(position=index**-2, signal=index**-b, kernel=index**-4, floor=floor, paired=False)
    found = respond(
        modes, rc.Constant(size), steps=(steps,), horizon=steps, batch_size=batch, noise=noise, method=optimiser
    )
    assert floor + found.bias[0] + found.variance[0] == pytest.approx(expected, rel=1e-14)


def test_a_mean_at_rest():
    """What label noise leaves in an exponential mean of SGD at a constant step size, in closed form."""
    gamma, rate, batch, noise, modes = 0.3, 0.05, 2, 1.0, few_modes()
    l, modes_floor = modes.position, 0.0
    found = respond(
        Modes(position=l, signal=0 * l, kernel=l**2, floor=modes_floor, paired=False),
        rc.Constant(gamma),
        steps=(10**7,),
        horizon=10**7,
        batch_size=batch,
        noise=noise,
        averaging=rc.ExponentialAverage(rate),
        method=rc.Run(
            PROBLEM, model_size=6, schedule=rc.Constant(gamma), steps=1, averaging=rc.ExponentialAverage(rate)
        ).training,
    )
    plain = gamma / (l * (2 - gamma * l))
    kept = (1 - gamma * l) * (1 - rate)
    mean = gamma * rate * (1 + kept) / (l * (1 - kept) * (2 - gamma * l) * (2 - rate))
    kappa = np.sum(l**2 * plain / (1 - l**2 * plain / batch)) / batch
    rest = np.sum(l**2 * mean / (1 - l**2 * plain / batch)) / batch / (1 - kappa) * noise
    assert found.variance[0] == pytest.approx(rest, rel=1e-12)
