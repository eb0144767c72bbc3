"""A stage of step size 0 has no transform: SGD rests in it, and so does heavy ball, whose memory fades."""

import pytest

import riskcalc as rc

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=60), signal=rc.PowerLawSignal(b="13/5"))
BEFORE, REST, AFTER = [0.2] * 150, 150, [0.1] * 100


def excess(sizes, steps, road, **more):
    run = rc.Run(PROBLEM, model_size=12, schedule=rc.Custom(sizes), steps=steps, **more)
    return rc.risk(run, method=road).excess


@pytest.mark.parametrize("road", [rc.Exact(seed=0), rc.Equivalent()], ids=["exact", "equivalent"])
def test_sgd_rests_where_the_step_size_is_zero(road):
    found = excess([*BEFORE, *[0.0] * REST, *AFTER], [150, 200, 300, 400], road)
    without = excess([*BEFORE, *AFTER], [150, 250], road)
    assert found == pytest.approx(without[[0, 0, 0, 1]], rel=1e-12)


def test_the_memory_of_heavy_ball_fades_where_the_step_size_is_zero():
    """Steps of 1e-14 move the model by as much, and are crossed as a stage."""
    momentum, road = rc.HeavyBall("1/2"), rc.Exact(seed=0)
    found, moving = (
        excess([*BEFORE, *[size] * REST, *AFTER], [150, 300, 400], road, optimiser=momentum) for size in (0.0, 1e-14)
    )
    assert found == pytest.approx(moving, rel=1e-10)
    assert found[1] == pytest.approx(found[0], rel=1e-12)
