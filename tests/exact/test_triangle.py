"""The factorisation by blocks of rows: against the one with Q, its memory, and what is refused before it is drawn."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from riskcalc import Constant, Exact, ExplicitSignal, ExplicitSpectrum, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.errors import InvalidInput
from riskcalc.exact import given_sketch, triangle
from riskcalc.exact.given_sketch import output_modes, sketch_modes
from riskcalc.numeric import memory
from riskcalc.problem import gaussian_sketch


def power_law(dimension, b="17/5", a=2):
    return Problem(spectrum=PowerLaw(a=a, dimension=dimension), signal=PowerLawSignal(b=b))


def ragged():
    rng = np.random.default_rng(5)
    spectrum = np.concatenate([10.0 ** rng.uniform(-6, 0, 290), np.zeros(10)])
    return Problem(spectrum=ExplicitSpectrum(spectrum), signal=ExplicitSignal(rng.standard_normal(300)))


PROBLEMS = {"power law": power_law(300), "steep": power_law(300, b=6), "ragged": ragged()}


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize("size", [1, 40, 150])
def test_the_triangle_alone_knows_what_q_knows(problem, size, monkeypatch):
    monkeypatch.setattr(triangle, "_ENTRIES", 1000)  # many blocks
    sketch, root = gaussian_sketch(model_size=size, dimension=300, seed=3), np.sqrt(problem.eigenvalues())
    (found,) = output_modes([problem], sketch)
    _, singular, [(squares, floor, spread)] = given_sketch._drawn([problem], sketch, root)
    np.testing.assert_allclose(found.position, singular**2, rtol=1e-13)
    np.testing.assert_allclose(found.signal, squares, rtol=1e-9, atol=1e-14 * squares.sum())
    unknown = 8 * np.finfo(float).eps * (1 + spread)
    assert found.floor == pytest.approx(floor, rel=unknown + found.floor_error, abs=0)
    assert found.floor_error < 20 * unknown


def test_several_outputs_share_the_triangle():
    problems, sketch = [power_law(200), power_law(200, b=3)], gaussian_sketch(model_size=30, dimension=200, seed=1)
    together = output_modes(problems, sketch)
    for alone, shared in zip((sketch_modes(one, sketch) for one in problems), together, strict=True):
        np.testing.assert_allclose(shared.signal, alone.signal, rtol=1e-9, atol=1e-14)
        assert shared.floor == pytest.approx(alone.floor, rel=1e-12)


def test_the_peak_is_a_fraction_of_the_sketch():
    """Many rows: beside the sketch there is one block of them, not copies of all."""
    problem, sketch = power_law(40_000), gaussian_sketch(model_size=100, dimension=40_000, seed=0)
    tracemalloc.start()
    sketch_modes(problem, sketch)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * sketch.nbytes


def test_what_does_not_fit_is_refused_before_it_is_drawn(monkeypatch):
    run = Run(power_law(100_000), model_size=1000, schedule=Constant("1/10"), steps=[10])
    monkeypatch.setattr(given_sketch, "memory_at_hand", lambda: 10**8)
    monkeypatch.setattr("riskcalc.exact.exact.gaussian_sketch", None)  # nothing may be drawn
    with pytest.raises(InvalidInput, match=r"about 0\.\d+ GB of memory, and 0\.1 GB are left: use the equivalent"):
        Exact(seed=0).curve(run)


def test_a_sketch_that_was_let_through_is_not_refused_once_it_is_drawn(monkeypatch):
    """What it takes itself is then no longer at hand, nor needed."""
    problem, size, dimension = power_law(100_000), 100, 100_000
    sketch, rest = 8 * size * dimension, 60_000_000
    left = [sketch + rest, rest]
    monkeypatch.setattr(given_sketch, "memory_at_hand", lambda: left.pop(0))
    run = Run(problem, model_size=size, schedule=Constant("1/10"), steps=[10])
    Exact(seed=0).curve(run)
    assert not left


def test_features_that_rounding_makes_dependent_leave_a_floor_error_that_is_a_number():
    """The solution overflows; the bound that does not need it stays."""
    problem, sketch = power_law(20), np.eye(20)[:2] + np.eye(20)[1]
    own = np.array([[1.0, 1.0], [0.0, 1e-320]])
    root, target = np.sqrt(problem.eigenvalues()), problem.target()
    spread = given_sketch._spread(sketch, root, target, own, np.ones(2), 0.25)
    assert spread == pytest.approx(2 * np.linalg.norm(root * target))


MEMINFO = "MemTotal: 9 kB\nMemAvailable:    4000 kB\n"
SECOND = {
    "/proc/self/cgroup": "0::/jobs/mine\n",
    "/sys/fs/cgroup/jobs/mine/memory.max": "max\n",
    "/sys/fs/cgroup/jobs/mine/memory.current": "500\n",
    "/sys/fs/cgroup/jobs/memory.max": "1000\n",
    "/sys/fs/cgroup/jobs/memory.current": "700\n",
    "/sys/fs/cgroup/jobs/memory.stat": "anon 500\ninactive_file 200\nactive_file 3\n",
}
FIRST = {
    "/proc/self/cgroup": "5:cpu,cpuacct:/\n4:memory:/jobs\n0::/\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/memory/memory.usage_in_bytes": "900\n",
    "/sys/fs/cgroup/memory/jobs/memory.limit_in_bytes": "1000\n",
    "/sys/fs/cgroup/memory/jobs/memory.usage_in_bytes": "700\n",
    "/sys/fs/cgroup/memory/jobs/memory.stat": "inactive_file 100\ntotal_inactive_file 200\n",
}


@pytest.mark.parametrize("groups", [SECOND, FIRST], ids=["second version", "first version"])
def test_what_is_left_to_a_group(groups, monkeypatch):
    """The least of all around it counts, less what is held already, and not the machine's rest."""
    texts = {"/proc/meminfo": MEMINFO, **groups}
    monkeypatch.setattr(memory, "_text", lambda place: texts.get(place.replace("/./", "/"), ""))
    assert memory.memory_at_hand() == 1000 - 700 + 200
    del texts["/proc/self/cgroup"]
    assert memory.memory_at_hand() == 4_096_000
    texts.clear()
    assert memory.memory_at_hand() > 10**9  # a system that does not say
