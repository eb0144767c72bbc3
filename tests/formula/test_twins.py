"""Every float64 kernel is held to its formula, at random points, to 1e-13.

The formula side is evaluated with 30 digits by direct summation; the kernels are what the roads run.
"""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sympy import IndexedBase

from riskcalc import PowerLaw, PowerLawSignal, Problem
from riskcalc.dynamics import Modes
from riskcalc.dynamics.moments import moment_map
from riskcalc.dynamics.recursion import advance
from riskcalc.dynamics.stage import ConstantStage
from riskcalc.equivalent.stability import stability as equivalent_stability
from riskcalc.exact.stability import stability as exact_stability
from riskcalc.formula import evaluate, formula
from riskcalc.numeric.contour import ellipse
from riskcalc.optimiser import SGD
from riskcalc.spectral.contour_modes import modes_in_u, modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.term_by_term import ExplicitSums

DIGITS = 1e-13

shapes = st.tuples(
    st.sampled_from(["4/5", "1", "3/2", "2", "3"]),
    st.sampled_from(["6/5", "2", "5/2", "3", "5"]),
    st.sampled_from([40, 90, 150]),
)
points = st.tuples(st.floats(-6.0, 0.5), st.floats(0.0, 2.6), st.sampled_from([-1, 1]))


def close(found, expected, scale=None):
    expected = complex(expected)
    return abs(complex(found) - expected) <= DIGITS * (abs(expected) if scale is None else scale)


def problem_of(a, b, v):
    return Problem(spectrum=PowerLaw(a=a, dimension=v), signal=PowerLawSignal(b=b), noise=1)


@settings(max_examples=12)
@given(shape=shapes, point=points)
def test_spectral_sums(shape, point):
    a, b, v = shape
    size, turn, side = point
    u = complex(math.exp(size) * np.exp(1j * side * turn))
    values = {"a": a, "b": b, "v": v, "u": u}
    problem = problem_of(a, b, v)
    for sums in (spectral_sums(problem), ExplicitSums(problem)):
        for found, name in zip(sums.at(u), ("d1", "d2", "signal-sum"), strict=True):
            expected = evaluate(formula(name).expression, values)
            assert close(found, expected, scale=float(abs(expected)) + 1e-3 * v * (name != "signal-sum"))


@settings(max_examples=12)
@given(shape=shapes, model=st.integers(3, 30), node=st.floats(0.0, 0.999))
def test_positions_and_weights_on_the_contour(shape, model, node):
    a, b, v = shape
    sums = spectral_sums(problem_of(a, b, v))
    marks = landmarks(sums, float(model))
    modes = modes_in_u(sums, float(model), marks, height=0.5, digits=16)
    half = ellipse(
        low=math.log(marks.floor - marks.right), high=math.log(marks.floor - marks.left), height=0.5, digits=16
    )
    n = int(node * modes.position.size)
    distance = np.exp(half.nodes[n])
    u, du = complex(marks.floor - distance), complex(-distance * half.weights[n])
    values = {"a": a, "b": b, "v": v, "M": model, "u": u, "du": du}
    position = evaluate(formula("dispersion").expression, values)
    size = abs(u) * (1 + abs(evaluate(formula("d1").expression, values)) / model)
    assert close(modes.position[n], position, scale=float(size))
    assert close(
        modes.kernel[n],
        evaluate(formula("kernel-weight").expression, values),
        scale=float(abs(modes.kernel[n])) * float(size / abs(position)),
    )
    # the road takes the constant W = sum w^2 off Phi, whose contour integral vanishes
    norm = sums.target_norm or 0.0
    slope = evaluate(formula("dispersion-slope").expression, values)
    expected = evaluate(formula("signal-weight").expression, values) + norm * slope * du / (2j * mpmath.pi)
    assert close(modes.signal[n], expected, scale=float(abs(expected) + norm * abs(slope * du)))


@settings(max_examples=12)
@given(shape=shapes, model=st.integers(3, 30), node=st.floats(0.0, 0.999))
def test_positions_of_the_other_contour_solve_the_dispersion(shape, model, node):
    from riskcalc.spectral.resolvent import solve_dispersion

    a, b, v = shape
    sums = spectral_sums(problem_of(a, b, v))
    marks = landmarks(sums, float(model))
    modes = modes_in_z(sums, float(model), marks, height=0.3, digits=10)
    n = int(node * modes.position.size)
    u = solve_dispersion(sums, float(model), marks.floor, np.log(modes.position)).u[n]
    found = evaluate(formula("dispersion").expression, {"a": a, "b": b, "v": v, "M": model, "u": complex(u)})
    assert close(modes.position[n], found, scale=10 * abs(u) * (1 + 1 / model) + abs(modes.position[n]))


@settings(max_examples=12)
@given(shape=shapes, model=st.integers(3, 30))
def test_floor_edges_and_approximation(shape, model):
    a, b, v = shape
    marks = landmarks(spectral_sums(problem_of(a, b, v)), float(model))
    values = {"a": a, "b": b, "v": v, "M": model}
    floor = formula("floor-equation").expression
    # the residual of d1(u0) = M at the floor found, against the change that 1e-13 of u0 makes
    change = abs(
        evaluate(floor, {**values, "u0": marks.floor * (1 + DIGITS), "u": marks.floor * (1 + DIGITS)})
        - evaluate(floor, {**values, "u0": marks.floor, "u": marks.floor})
    )
    assert abs(evaluate(floor, {**values, "u0": marks.floor, "u": marks.floor})) <= change
    approximation = evaluate(formula("approximation").expression, {**values, "u0": marks.floor})
    assert close(marks.approximation, approximation)


@given(
    positions=st.lists(st.floats(1e-4, 1.0), min_size=1, max_size=4),
    step=st.floats(0.01, 0.4),
    batch=st.integers(1, 9),
    noise=st.floats(0.0, 2.0),
)
def test_one_step_of_the_recursion_and_its_feedback(positions, step, batch, noise):
    z = np.array(positions)
    modes = Modes(position=z, signal=np.sqrt(z), kernel=z**2, floor=0.25, paired=False)
    state = np.stack([np.sqrt(z), z])
    after, totals = advance(
        modes, SGD(), state[:, None], np.array([step]), batch_size=batch, noise=noise + modes.floor
    )
    after = after[:, 0]
    assert np.allclose(totals[0], state.sum(axis=1), rtol=DIGITS, atol=0)
    excess = modes.floor + state.sum()
    for i in range(z.size):
        values = {"gamma": step, "B": batch, "sigma2": noise, "z": z[i], "k": z[i] ** 2, "E": excess}
        moved = evaluate(formula("mode-recursion").expression, {**values, "x": state[:, i].sum()})
        assert close(after[:, i].sum(), moved)
        assert close(modes.factor(step, batch)[i], evaluate(formula("step-factor").expression, values))
        # given the sketch, x = l s: the same recursion for s
        moment = evaluate(
            formula("moment-recursion").expression, {**values, "lambda": z[i], "s": state[:, i].sum() / z[i]}
        )
        assert close(after[:, i].sum() / z[i], moment)


@given(
    positions=st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=4),
    step=st.floats(0.05, 0.3),
    batch=st.integers(1, 9),
    time=st.sampled_from([64.0, 1e3, 1e6]),
    angle=st.floats(0.2, 2.5),
)
def test_generating_functions(positions, step, batch, time, angle):
    z = np.array(positions)
    modes = Modes(position=z, signal=np.sqrt(z), kernel=z**2, floor=0.25, paired=False)
    state = np.stack([np.sqrt(z), z / 7])
    noise = 0.5
    moments = moment_map(SGD(), np.zeros(1), np.array([step]), batch_size=batch)
    stage = ConstantStage(
        modes=modes,
        moments=moments,
        state=state[:, None],
        step_size=step,
        batch_size=batch,
        noise=noise + modes.floor,
    )
    p = np.array([5.0 / time * np.exp(1j * angle)])
    transform = stage._lasting_drive(p, time)
    found = (transform.response + transform.analytic)[:, 0]
    found[1] += transform.settled / -np.expm1(-p[0])
    with mpmath.workdps(40):
        zeta = mpmath.exp(-mpmath.mpmathify(complex(p[0])))
        common = {"gamma": step, "B": batch, "zeta": zeta, "modes": z.size, IndexedBase("z"): z}
        kernel = evaluate(formula("kernel-transform").expression, {**common, IndexedBase("k"): z**2})
        pieces = []
        for row in range(2):
            free = evaluate(formula("forcing-transform").expression, {**common, IndexedBase("x"): state[row]})
            pieces.append(evaluate(formula("bias-transform").expression, {"X": free, "K": kernel, "zeta": zeta}))
        driven = {"K": kernel, "zeta": zeta, "sigma2": noise, "approximation": modes.floor}
        pieces[1] += evaluate(formula("variance-transform").expression, driven)
        # the variance is driven by noise/(1 - zeta), and known to that scale
        scales = [abs(pieces[0]), abs(pieces[1]) + (noise + modes.floor) / abs(1 - zeta)]
        for value, expected, scale in zip(found, pieces, scales, strict=True):
            assert close(value, expected, scale=float(scale))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("step", [0.05, 0.3])
def test_kernel_mass_given_the_sketch(step, batch):
    z = np.array([1.1, 0.3, 0.02])
    each = [
        evaluate(formula("kernel-mass-of-eigenvalue").expression, {"gamma": step, "B": batch, "lambda": l}) for l in z
    ]
    modes = Modes(position=z, signal=z, kernel=z**2, floor=0.0, paired=False)
    assert close(exact_stability(modes, step_size=step, batch_size=batch).kappa, mpmath.fsum(each))
    assert close(modes.feedback(step, batch), mpmath.fsum(each))


@pytest.mark.parametrize(("a", "b", "v", "model"), [("2", "3", 150, 20), ("4/5", "2", 100, 25)])
@pytest.mark.parametrize("batch", [1, 8])
def test_kernel_mass_of_the_equivalent(a, b, v, model, batch):
    """kappa in closed form, with u* found to 30 digits from the formula, against the road and against its modes."""
    sums = spectral_sums(problem_of(a, b, v))
    marks = landmarks(sums, float(model))
    step = 0.3 / sums.moments().trace
    values = {"a": a, "b": b, "v": v, "M": model, "gamma": step, "B": batch}
    with mpmath.workdps(30):
        start = -evaluate(formula("stability-point").expression, values)
        place = mpmath.findroot(
            lambda u: evaluate(formula("stability-equation").expression, {**values, "u": u}), start * 1.1
        )
        expected = evaluate(formula("kernel-mass").expression, {**values, "u": place})
    found = equivalent_stability(sums, float(model), marks, step_size=step, batch_size=batch)
    assert close(found.kappa, expected)
    modes = modes_in_u(sums, float(model), marks, height=0.4, digits=16)
    assert close(modes.feedback(step, batch), expected)
