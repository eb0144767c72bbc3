"""Both orders of the equivalent against the formulas as they are written, on circles and step by step."""

import numpy as np
import pytest

import riskcalc as rc
from tests.equivalent.reuse_oracle import Oracle

STEPS = [0, 1, 2, 5, 17, 24]
SHAPES = [(30, 12), (20, 20)]  # M, N; M < N stands in the reference


def asked(size, samples, *, batch_size=1, data=rc.WithReplacement, schedule=None, noise="1/10"):
    return rc.Run(
        rc.Problem(spectrum=rc.PowerLaw(a="3/2", dimension=60), signal=rc.PowerLawSignal(b=2), noise=noise),
        model_size=size,
        schedule=schedule or rc.Constant("1/5"),
        steps=STEPS,
        batch_size=batch_size,
        data=data(samples=samples),
    )


def by_hand(size, samples, batch_size, **changed):
    oracle = Oracle(1.5, 2.0, 60, size, samples, 0.1, 0.2, batch_size, **changed)
    return (curve[STEPS] for curve in oracle.curves(STEPS[-1]))


@pytest.mark.parametrize(("size", "samples"), SHAPES)
def test_full_batch(size, samples):
    found = rc.risk(asked(size, samples, data=rc.FullBatch))
    risk, loss = by_hand(size, samples, np.inf)
    assert found.risk == pytest.approx(risk, rel=1e-11)
    assert found.training == pytest.approx(loss, rel=1e-11)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize(("size", "samples"), SHAPES)
def test_with_replacement(size, samples, batch_size):
    found = rc.risk(asked(size, samples, batch_size=batch_size))
    risk, loss = by_hand(size, samples, batch_size)
    assert found.risk == pytest.approx(risk, rel=1e-11)
    assert found.training == pytest.approx(loss, rel=1e-11)
    for left_out in ("batch_term", "feedback"):
        wrong = next(by_hand(size, samples, batch_size, **{left_out: False}))
        assert np.abs(wrong / found.risk - 1).max() > 1e-3


@pytest.mark.slow
def test_a_list_of_step_sizes_is_the_schedule_it_lists():
    for data in (rc.FullBatch, rc.WithReplacement):
        constant, listed = (
            rc.risk(asked(20, 15, data=data, schedule=schedule))
            for schedule in (rc.Constant("1/5"), rc.Custom([0.2] * 24))
        )
        assert listed.excess == pytest.approx(constant.excess, rel=1e-12)
        assert listed.training == pytest.approx(constant.training, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("data", [rc.FullBatch, rc.WithReplacement])
def test_stages_are_crossed_as_if_gone_through(data):
    sizes = [0.2 / 2 ** int(t / (600 / np.log2(600))) for t in range(1, 601)]
    staged, listed = (
        rc.risk(
            rc.Run(
                asked(20, 15).problem,
                model_size=20,
                schedule=schedule,
                steps=[1, 100, 333, 600],
                data=data(samples=15),
            )
        )
        for schedule in (rc.Geometric("1/5"), rc.Custom(sizes))
    )
    assert staged.excess == pytest.approx(listed.excess, rel=1e-11)
    assert staged.training == pytest.approx(listed.training, rel=1e-11)
