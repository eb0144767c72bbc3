"""Which modes may be forgotten: the poles of what they leave behind are eigenvalues, found without any contour."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Custom,
    Geometric,
    IterateAverage,
    LastIterate,
    PowerLaw,
    PowerLawSignal,
    Problem,
    TailAverage,
)
from riskcalc.dynamics import Modes, respond
from riskcalc.dynamics.dead_modes import DEAD, count_dead
from riskcalc.dynamics.moments import moment_map, start_state
from riskcalc.dynamics.stage import ConstantStage
from riskcalc.equivalent.stability import stability
from riskcalc.exact.stability import stability as exact_stability
from riskcalc.numeric.inversion import cotangent
from riskcalc.optimiser import SGD
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from tests.dynamics.step_by_step import StepByStep

TIMES = (70.0, 150.0, 500.0, 1e3, 3e3, 1e4, 1e6)
REACH = 45.0  # |p| t: all nodes of the roads' contours lie within
NEAR, FAR = 0.94, 1.06  # within so much of the circle a pole may be counted either way: there it is worth exp(-40)


@pytest.mark.parametrize("nodes", [28, 30])
def test_the_contours_stay_within_reach(nodes):
    assert 0.85 * REACH < np.abs(cotangent(start=1.0, nodes=nodes, stretch=1.0).nodes).max() < REACH


def poles(stage, count):
    """log of the eigenvalues of the dead modes' own recursion with its feedback: where 1 - zeta K_dead is zero."""
    modes, batch_size = stage.modes, stage.batch_size
    fastest = np.argsort(-np.abs(modes.decrement(stage.step_size, batch_size)), kind="stable")[:count]
    factors = modes.everywhere(modes.factor(stage.step_size, batch_size)[fastest])
    gains = modes.everywhere(stage.step_size**2 / batch_size * modes.kernel[fastest])
    return np.log(np.linalg.eigvals(np.diag(factors) + gains[:, None]).astype(complex))


def stages():
    """Real modes, of which the largest may be slow, and a contour: from half the largest step to very near it."""
    rng = np.random.default_rng(8)
    for batch_size in (1, 4, 1000):
        for fraction in (0.5, 0.9, 0.99, 0.999, 0.99999):
            position = np.sort(rng.uniform(0, 1, 9) ** 4 + 1e-6)[::-1]
            modes = Modes(position=position, signal=position, kernel=position**2, floor=0.1, paired=False)
            largest = exact_stability(modes, step_size=0.1, batch_size=batch_size).largest_step_size
            yield staged(modes, fraction * largest, batch_size)
    problem = Problem(spectrum=PowerLaw(a=1, dimension=50), signal=PowerLawSignal(b=3))
    sums = spectral_sums(problem)
    marks = landmarks(sums, 4.0)
    modes = modes_in_z(sums, 4.0, marks, height=0.4, digits=12)
    largest = stability(sums, 4.0, marks, step_size=0.1, batch_size=1).largest_step_size
    for fraction in (0.5, 0.9, 0.99, 0.999, 0.9999):
        yield staged(modes, fraction * largest, 1)


def staged(modes, step_size, batch_size):
    return ConstantStage(
        modes=modes,
        moments=moment_map(SGD(), np.zeros(1), np.array([step_size]), batch_size=batch_size),
        state=start_state(SGD(), modes.signal),
        step_size=step_size,
        batch_size=batch_size,
        noise=1.0,
    )


def test_no_pole_of_what_is_forgotten_lies_within_reach():
    """And nothing that might be forgotten is kept: the modes that are fast enough all go where no pole is near."""
    held_back = {True: 0, False: 0}
    for stage in stages():
        rates = np.abs(stage.modes.decrement(stage.step_size, stage.batch_size))
        for time in TIMES:
            dead = stage._lasting_drive(np.array([5 / time + 0j]), time).dead
            fast = int(np.count_nonzero(rates > DEAD / time))
            assert dead <= fast
            if dead:
                assert np.abs(poles(stage, dead)).min() * time > NEAR * REACH
            if fast > dead:
                held_back[stage.modes.paired] += 1
                assert np.abs(poles(stage, fast)).min() * time < FAR * REACH
            if fast > dead and not stage.modes.paired:
                # the fewest that are too many, as poles of real modes come nearer with every mode that is added
                assert np.abs(poles(stage, dead + 1)).min() * time < FAR * REACH
    assert min(held_back.values()) > 5


@pytest.mark.parametrize("decrement", [0.5 + 0.3j, 0.1 + 0.7j])
@pytest.mark.parametrize("angle", np.linspace(0.3, 2.9, 6))
def test_poles_off_the_axis_count_as_well(angle, decrement):
    """One complex mode with its partner, its weight such that its two poles stand where they are wanted."""
    time = 150.0
    for size, dead in ((NEAR, 0), (FAR, 1)):
        pole = np.exp(size * REACH / time * np.exp(1j * angle))
        own, partner = 1 / (pole - 1 + decrement), 1 / (pole - 1 + np.conj(decrement))
        columns = np.array([own + partner, 1j * (own - partner)])  # of the real and the imaginary part of the weight
        weight = np.linalg.lstsq(np.stack([columns.real, columns.imag]), [1, 0])[0] @ [1, 1j]

        def shares(p, count, weight=weight):
            ahead = np.expm1(p)[:, None]
            both = weight / (ahead + decrement) + np.conj(weight) / (ahead + np.conj(decrement))
            return both[:, :count]

        masses = np.array([2 * weight / decrement])
        assert count_dead(np.abs([decrement]), masses, shares, time=time) == dead


@pytest.mark.parametrize("averaging", [LastIterate(), IterateAverage(), TailAverage("1/3")], ids=str)
def test_contours_near_the_edge_step_by_step(averaging):
    """The equivalent's modes through stages at once and one step after the other."""
    problem = Problem(spectrum=PowerLaw(a=1, dimension=50), signal=PowerLawSignal(b=3))
    sums = spectral_sums(problem)
    marks = landmarks(sums, 4.0)
    largest = stability(sums, 4.0, marks, step_size=0.1, batch_size=1).largest_step_size
    modes = modes_in_z(sums, 4.0, marks, height=0.25, digits=15.5)
    asked = {"steps": (100, 700, 2000), "horizon": 2000, "batch_size": 1, "noise": 0.5, "averaging": averaging}
    for fraction in (0.99, 0.999, 0.99999):
        for schedule in (Constant(fraction * largest), Geometric(fraction * largest)):
            at_once, slowly = respond(modes, schedule, **asked), respond(modes, StepByStep(schedule), **asked)
            assert at_once.difference(slowly, floor=modes.floor) < 1e-9


def test_a_stage_with_another_order_of_dying_out_starts_inside_an_average():
    """At gamma z = 1.8 the largest position is not the fastest: the crosses it starts from must follow their modes."""
    position = np.array([1.0, 0.5, 0.1, 0.01])
    modes = Modes(position=position, signal=position, kernel=position**2, floor=0.1, paired=False)
    schedule = Custom([0.2] * 300 + [1.8] * 1000 + [0.1] * 300)
    asked = {"steps": (300, 1300, 1600), "horizon": 1600, "batch_size": 1000, "noise": 0.5}
    for averaging in (LastIterate(), IterateAverage(), TailAverage("1/2")):
        at_once = respond(modes, schedule, averaging=averaging, **asked)
        slowly = respond(modes, StepByStep(schedule), averaging=averaging, **asked)
        assert at_once.difference(slowly, floor=modes.floor) < 1e-12
