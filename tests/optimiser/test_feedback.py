"""kappa in closed form: 1 exactly where the whole moment recursion stops shrinking; the same in the equivalent."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.curve.stability import largest_stable
from riskcalc.dynamics import Modes
from riskcalc.equivalent.stability import frozen_kappa as kappa_of_equivalent, stability
from riskcalc.errors import UnstableRun
from riskcalc.exact.stability import frozen_kappa
from riskcalc.optimiser import Frozen
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

POSITION = np.arange(1.0, 9) ** -1.5
MODES = Modes(position=POSITION, signal=POSITION, kernel=POSITION**2, floor=0.0, paired=False)
SETTINGS = [(method, batch) for method in (0, "1/2", "9/10", "99/100") for batch in (1, 4, 64)]


def spectral_radius(optimiser, size, batch):
    """Of the map of all second moments of all coordinates, from the update as it is written."""
    said = optimiser.coefficients(np.zeros(1), np.array([size]))
    kick, drive, buffers = said.kick[0], said.drive, len(said.drive)
    blocks = []
    for z in POSITION:
        move = np.eye(buffers) - said.drift[0] + z * np.outer(kick, drive)
        blocks.append(np.kron(move, move))
    noise, seen = np.kron(kick, kick), np.kron(drive, drive)
    whole = np.zeros((len(POSITION) * buffers**2,) * 2)
    for i, z in enumerate(POSITION):
        rows = slice(i * buffers**2, (i + 1) * buffers**2)
        whole[rows, rows] += blocks[i] + z**2 / batch * np.outer(noise, seen)
        for j in range(len(POSITION)):
            columns = slice(j * buffers**2, (j + 1) * buffers**2)
            whole[rows, columns] += z**2 / batch * np.outer(noise, seen)
    return np.abs(np.linalg.eigvals(whole)).max()


@pytest.mark.parametrize(("beta", "batch"), SETTINGS)
def test_the_edge_is_where_the_moments_stop_shrinking(beta, batch):
    optimiser = rc.HeavyBall(beta)
    edge = largest_stable(lambda size: frozen_kappa(MODES, optimiser.frozen(0, size), batch_size=batch), 0.1)
    assert spectral_radius(optimiser, edge, batch) == pytest.approx(1, abs=1e-12)
    assert spectral_radius(optimiser, 0.99 * edge, batch) < 1 < spectral_radius(optimiser, 1.01 * edge, batch)


@pytest.mark.parametrize("optimiser", [rc.Nesterov("9/10"), rc.TwoBuffer(delta="1/20", mu="4/5")], ids=str)
def test_the_edge_with_a_direct_step_too(optimiser):
    edge = largest_stable(lambda size: frozen_kappa(MODES, optimiser.frozen(0, size), batch_size=2), 0.1)
    assert spectral_radius(optimiser, edge, 2) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    "frozen", [Frozen(direct=0.0, through=0.03, loss=0.1), Frozen(direct=0.3, through=0.02, loss=0.01)]
)
def test_the_equivalent_by_two_resolvent_points_is_the_sum_over_a_contour(frozen):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    sums = spectral_sums(problem)
    marks = landmarks(sums, 100)
    kappa = kappa_of_equivalent(sums, 100, marks, frozen, batch_size=1)
    modes = modes_in_z(sums, 100, marks, height=0.4, digits=14, limit=frozen.edge(1))
    z = modes.position
    summed = modes.total(modes.kernel / z * frozen.gain(z) / frozen.room(z, 1))
    assert kappa == pytest.approx(float(summed), rel=1e-11)


def test_published_first_order_values_are_not_kappa():
    """a = 2, B = 1, M large: .277, .637, .362, .749, where the first-order equation of the literature has .247, ..."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    sums = spectral_sums(problem)
    marks = landmarks(sums, 10**9)
    found = [
        kappa_of_equivalent(sums, 10**9, marks, Frozen(direct=g, through=d, loss=loss), batch_size=1)
        for g, d, loss in ((0.0, 0.03, 0.1), (0.3, 0.02, 0.01), (0.3, 1e-3, 1e-3), (0.5, 2e-3, 1e-3))
    ]
    assert [round(one, 3) for one in found] == [0.277, 0.637, 0.362, 0.749]


def test_without_a_memory_it_is_the_kappa_of_sgd():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    sums = spectral_sums(problem)
    marks = landmarks(sums, 1000)
    expected = stability(sums, 1000, marks, step_size=0.3, batch_size=3).kappa
    for optimiser in (rc.SGD(), rc.HeavyBall(0), rc.Nesterov(0), rc.TwoBuffer(delta=0, mu="1/2")):
        found = kappa_of_equivalent(sums, 1000, marks, optimiser.frozen(0, 0.3), batch_size=3)
        assert found == pytest.approx(expected, rel=1e-12)


def test_the_largest_delta_grows_like_a_root_of_the_loss():
    """delta/Delta^(1/2) tends to (1 - kappa_SGD) 2 gamma^(1 - 1/a) sin(pi/a)/(pi/a) = .4777 at a = 2, gamma = .3."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    sums = spectral_sums(problem)
    marks = landmarks(sums, 10**9)

    def kappa(delta, loss):
        return kappa_of_equivalent(sums, 10**9, marks, Frozen(direct=0.3, through=delta, loss=loss), batch_size=1)

    plain = kappa(0.0, 1.0)
    limit = (1 - plain) * 2 * 0.3**0.5 * np.sin(np.pi / 2) / (np.pi / 2)
    assert limit == pytest.approx(0.4777, abs=1e-4)
    for loss, ratio in ((1e-2, 0.413), (1e-3, 0.456), (1e-4, 0.471), (1e-5, 0.476)):
        assert kappa((ratio - 1e-3) * loss**0.5, loss) < 1 < kappa((ratio + 1e-3) * loss**0.5, loss)


def test_an_unstable_run_says_so_with_its_numbers():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=100), signal=rc.PowerLawSignal(b=3))
    asked = {"model_size": 20, "schedule": rc.Constant("3/10"), "steps": [1000]}
    with pytest.raises(UnstableRun, match=r"kappa = .*largest stable constant step size is 0\.1") as told:
        rc.Exact(seed=0).curve(rc.Run(problem, optimiser=rc.HeavyBall("9/10"), **asked))
    largest = float(str(told.value).split("step size is ")[1].split(". ")[0])
    stable = {**asked, "schedule": rc.Constant(0.999 * largest)}
    assert rc.Exact(seed=0).curve(rc.Run(problem, optimiser=rc.HeavyBall("9/10"), **stable)).method["kappa"] > 0.99
    with pytest.raises(UnstableRun, match=r"stands at step 999999999; .*decay, here 3/10, is below 1/a"):
        rc.Equivalent().curve(
            rc.Run(
                rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3)),
                model_size=10**9,
                schedule=rc.Constant("3/10"),
                steps=[10**9],
                optimiser=rc.Dana(delta="1/10", decay="3/10", memory=8),
            )
        )
