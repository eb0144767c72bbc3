"""Blocks of steps and the loops of machine code against the recursion in long double, near the limits of each."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from riskcalc import Cosine, Equivalent, PowerLaw, PowerLawSignal, Problem, Run, machine_code
from riskcalc.dynamics import compiled
from riskcalc.dynamics.block_nodes import block_nodes
from riskcalc.dynamics.moments import start_state, with_followers
from riskcalc.dynamics.recursion import advance
from riskcalc.dynamics.summed import Summed
from riskcalc.landscape import Landscape
from riskcalc.optimiser import SGD
from riskcalc.spectral.modes import Modes

LONG = np.longdouble
EPS = float(np.finfo(np.float64).eps)


def modes_of(position, signal, floor=0.0):
    return Modes(position=position, signal=signal, kernel=position**2, floor=floor, paired=False)


def power_law(count=300, a=2.0):
    j = np.arange(1.0, count + 1)
    return modes_of(j**-a, j ** -(a + 0.5))


def with_a_frozen_tail():
    """Fast modes and slow ones, a gap of nine decades, and modes that no run moves."""
    position = np.concatenate([np.linspace(1, 0.5, 20), np.geomspace(0.1, 1e-3, 20), np.geomspace(1e-12, 1e-15, 60)])
    return modes_of(position, np.full(100, 0.01))


def on_a_contour():
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise=1)
    (modes,) = Landscape(Run(problem, model_size=1000, schedule=Cosine("1/5"), steps=[300]), Equivalent()).modes
    return modes


def long_totals(modes, step_sizes, batch_size, noise):
    """The recursion of D01 in long double: totals before each step, the state at the end."""
    kind = np.clongdouble if modes.paired else LONG
    z, kernel = modes.position.astype(kind), modes.kernel.astype(kind) / LONG(batch_size)
    x, totals = np.stack([modes.signal, 0 * modes.signal]).astype(kind), []
    for size in step_sizes.astype(LONG):
        totals.append(modes.total(x))
        scaled = size * z
        drive = totals[-1] + np.array([0, noise], dtype=LONG)
        x = x * ((1 - scaled) ** 2 + scaled**2 / LONG(batch_size)) + drive[:, None] * (size**2 * kernel)
    return np.array(totals), x


@pytest.fixture(params=["blocks", "loops", "machine code"])
def way(request, monkeypatch):
    """The pure way; the loops of the extra as Python runs them; and, where it is installed, as it compiles them."""
    if request.param == "machine code" and find_spec("numba") is None:
        pytest.skip("the extra `fast` is not installed")
    if request.param == "loops":
        monkeypatch.setattr(compiled, "compiled_loop", lambda function: function)
    for loop in (compiled.block_loop, compiled.several_loop):
        loop.cache_clear()
    wanted = request.param != "blocks"
    monkeypatch.setattr("riskcalc.dynamics.recursion.is_compiled", lambda steps, several: wanted)
    yield request.param
    for loop in (compiled.block_loop, compiled.several_loop):
        loop.cache_clear()


def test_a_compiler_that_does_not_load_is_as_good_as_none(monkeypatch):
    """As numba refuses to be imported beside a NumPy that is too new for it."""
    monkeypatch.setitem(sys.modules, "numba", None)
    machine_code.can_compile.cache_clear()
    try:
        assert not compiled.is_compiled(10**9, several=False)
    finally:
        machine_code.can_compile.cache_clear()


def test_short_runs_do_not_load_the_compiler(monkeypatch):
    """Not even where it is there: an answer does not depend on what ran before it."""
    monkeypatch.setattr(compiled, "can_compile", lambda: True)
    assert not compiled.is_compiled(compiled._WORTH - 1, several=False)
    assert compiled.is_compiled(compiled._WORTH, several=False)
    assert compiled.is_compiled(compiled._WORTH - 1, several=True)


@pytest.mark.skipif(find_spec("numba") is None, reason="the extra `fast` is not installed")
def test_machine_code_that_cannot_be_kept_is_compiled_all_the_same():
    """A function without a file, as where no folder can be written."""
    names: dict = {}
    exec("def doubled(x):\n    return 2 * x", names)
    assert machine_code.compiled_loop(names["doubled"])(21) == 42


RUNS = {
    "power law": (power_law(), 0.3, 1, 1.0),
    "nearly flat": (power_law(150, a=0.3), 0.02, 2, 1.0),
    "few": (power_law(5), 0.3, 1, 0.0),
    "frozen": (with_a_frozen_tail(), 0.04, 1, 0.0),
    "q near zero": (power_law(60), 1.0, 10**9, 1.0),
    "contour": (on_a_contour(), 0.2, 1, 1.0),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("steps", [1, 7, 8, 129, 700])
def test_every_total_to_its_roundings(way, name, steps):
    """D37 allows each total eps (64 + t), times what one step may take off it."""
    modes, largest, batch_size, noise = RUNS[name]
    sizes = largest * np.random.default_rng(steps).uniform(0.1, 1.0, steps)
    sizes[steps // 2] = 0.0
    expected, end = long_totals(modes, sizes, batch_size, noise)
    start = start_state(SGD(), modes.signal)
    state, totals = advance(modes, SGD(), start, sizes, batch_size=batch_size, noise=noise)
    known = np.sum(np.abs(modes.signal)) if modes.paired else np.abs(expected)  # what cancels on a contour
    allowed = EPS * (64 + np.arange(steps))[:, None]
    assert np.all(np.abs(totals - expected) <= allowed * known)
    # 1 - 2 gamma z + ... cancels where q is near zero: there a mode is known to the rounding of what it was
    known = np.abs(end) + (np.abs(end).sum() if name == "q near zero" else 0)
    known = np.sum(np.abs(modes.signal)) if modes.paired else known
    assert np.all(np.abs(state[:, 0] - end) <= 4 * EPS * (64 + steps) * known)


def test_modes_that_do_not_move_keep_every_digit(way):
    """However many blocks pass: what they lose is found by itself, not as a difference from 1."""
    modes, sizes = with_a_frozen_tail(), np.full(12_800, 0.04)
    state, _ = advance(modes, SGD(), start_state(SGD(), modes.signal), sizes, batch_size=10**9, noise=0.0)
    frozen = state[0, 0, 40:]
    expected = modes.signal[40:] * np.exp(-2 * 12_800 * 0.04 * modes.position[40:])
    np.testing.assert_allclose(frozen, expected, rtol=60 * EPS)  # half a rounding for each of a hundred blocks


def test_lists_side_by_side_do_not_see_each_other(way):
    one, other = power_law(200), power_law(90, a=1.3)
    both, sizes = Modes.side_by_side([one, other]), np.full(300, 0.1)
    _, totals = advance(
        both, SGD(), start_state(SGD(), both.signal), sizes, batch_size=1, noise=np.array([0.5, 2.0])
    )
    for place, (modes, noise) in enumerate([(one, 0.5), (other, 2.0)]):
        expected, _ = long_totals(modes, sizes, 1, noise)
        np.testing.assert_allclose(totals[..., place], expected.astype(float), rtol=1e-13)


def test_a_run_that_outgrows_floats_is_infinite_not_nan(way):
    modes = power_law(50)
    start = start_state(SGD(), modes.signal)
    with np.errstate(over="ignore", invalid="ignore"):
        _, totals = advance(modes, SGD(), start, np.full(2000, 3.0), batch_size=1, noise=1.0)
    expected, _ = long_totals(modes, np.full(2000, 3.0), 1, 1.0)
    finite = expected < 1e300
    assert not finite.all()
    np.testing.assert_allclose(totals[finite], expected[finite].astype(float), rtol=1e-11)
    assert not np.isfinite(totals[~finite & (expected > 1e309)]).any()


@pytest.mark.parametrize("name", ["power law", "contour"])
def test_several_moments_agree_with_the_sum_of_single_iterates(way, name):
    """A sum of iterates, three moments a mode, against the cross moments of D24 in long double."""
    modes, largest, batch_size, noise = RUNS[name]
    sizes = largest * np.random.default_rng(3).uniform(0.1, 1.0, 60)
    method = Summed(SGD())
    start = with_followers(method, start_state(SGD(), modes.signal))
    _, reads = advance(modes, method, start, sizes, batch_size=batch_size, noise=noise)
    kind = np.clongdouble if modes.paired else LONG
    z, kernel = modes.position.astype(kind), modes.kernel.astype(kind) / LONG(batch_size)
    x, cross, total = start[:, 0].astype(kind), 0 * start[:, 0].astype(kind), np.zeros(2, dtype=LONG)
    for step, size in enumerate(sizes.astype(LONG)):
        np.testing.assert_allclose(reads[step], total.astype(float), rtol=1e-12)
        drive = modes.total(x) + np.array([0, noise], dtype=LONG)
        total = total + modes.total(2 * cross + x)
        cross = (cross + x) * (1 - size * z)
        x = x * ((1 - size * z) ** 2 + (size * z) ** 2 / LONG(batch_size)) + drive[:, None] * (size**2 * kernel)


def test_nodes_reproduce_what_is_smooth_and_what_starts_from_zero():
    for position in (power_law(400).position, on_a_contour().position):
        nodes = block_nodes(position[None], furthest=40.0)
        assert 0 < nodes.fast < nodes.position.size < position.size
        weights = np.random.default_rng(0).standard_normal((1, 1, position.size))
        for rate in (0.0, 10.0, 40.0):
            exact, few = np.exp(-rate * position), np.exp(-rate * nodes.position[0])
            np.testing.assert_allclose(nodes.spread(few[None, None])[0, 0], exact, rtol=64 * EPS)
            found, expected = nodes.gathered(weights)[0, 0] @ few, weights[0, 0] @ exact
            assert abs(found - expected) <= 1e-14 * np.abs(weights).sum()
        lost = -np.expm1(-40.0 * nodes.position[0])
        kept = np.where(np.arange(lost.size) < nodes.fast, np.exp(-40.0 * nodes.position[0]), lost)
        gone = nodes.lost(kept[None, nodes.fast :])
        left = nodes.left(np.ones((1, 1, position.size)) + 0 * position, kept[None, : nodes.fast], gone)[0, 0]
        exact = np.exp(-40.0 * position)
        np.testing.assert_allclose(left[: nodes.fast], exact[: nodes.fast], rtol=4 * EPS)
        # both are rounded, and the rest is relative to what is lost
        assert np.all(np.abs(left - exact) <= 2 * EPS + 64 * EPS * np.abs(1 - exact))
