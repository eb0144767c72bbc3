"""Digits of the exact road with a memory: thirty-digit values, and what is done at once against every step."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics.precise.trained import trained
from riskcalc.dynamics.precise.with_memory import forgotten
from riskcalc.errors import InvalidInput
from riskcalc.exact.precise import memory
from riskcalc.exact.precise.memory import memory_responses
from riskcalc.numeric.arb_field import Arb
from riskcalc.numeric.decimals import decimal_text
from riskcalc.spectral.precise.modes import PreciseModes

GROWING = rc.Dana(delta="1/5", decay="1/2", memory=6)
SIX = {
    "heavy ball": (rc.HeavyBall("9/10"), "1/20", 1, "1/20", 200, "13/5", "1/100", "0.0633589596146398244"),
    "DANA": (GROWING, "3/10", 2, "1/100", 300, "12/5", "1/200", "0.00822504492556480808"),
}


def six_modes(field, b, floor):
    """z_j = j^-2, f_j = j^-b, k_j = z_j^2."""
    index = [field.real(j) for j in range(1, 7)]
    position = [field.middle(1 / (j * j)) for j in index]
    signal = [field.middle(field.exp(-field.real(Fraction(b)) * field.log(j))) for j in index]
    return PreciseModes(
        position=position, signal=signal, kernel=[z * z for z in position], floor=field.real(Fraction(floor))
    )


def asked(optimiser, size, steps, *, batch=1, noise="1/20"):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=7), signal=rc.PowerLawSignal(b=2), noise=noise)
    return rc.Run(
        problem, model_size=6, batch_size=batch, schedule=rc.Constant(size), steps=steps, optimiser=optimiser
    )


@pytest.mark.parametrize("case", [pytest.param("DANA", marks=pytest.mark.slow), "heavy ball"])
def test_six_modes_to_eighteen_digits(case):
    """The excess by a 30-digit recursion of all second moments, cross moments of different modes included."""
    optimiser, size, batch, noise, steps, b, floor, expected = SIX[case]
    field = Arb()
    with field.working(30):
        run = asked(optimiser, size, [steps], batch=batch, noise=noise)
        modes = six_modes(field, b, floor)
        ((bias, variance),) = memory_responses(run, modes, field, level=24)
        assert decimal_text(field.rational(modes.floor + bias + variance), place=-len(expected) + 2) == expected


@pytest.mark.parametrize(
    "optimiser",
    [
        rc.Nesterov("4/5"),
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in (
                rc.HeavyBall("4/5"),
                rc.Nesterov("4/5", at="lookahead"),
                rc.TwoBuffer(delta="1/50", mu="4/5", eta=2),
                rc.TwoBuffer(delta=0, mu="1/2"),
            )
        ),
    ],
    ids=str,
)
def test_at_once_is_every_step(optimiser, monkeypatch):
    """Sums over modes and an inverse transform, from the first step on that they serve, against every step."""
    field, digits = Arb(), 16
    with field.working(40):
        modes = six_modes(field, "13/5", "1/100")
        late = max(60, forgotten(optimiser, 0.1, 1, largest=1.0, digits=digits))
        run = asked(optimiser, "1/10", [late, late + 300])
        stepped = trained(run, modes, field, run.steps)
        monkeypatch.setattr(memory, "trained", None)  # nothing goes step by step
        for ours, theirs in zip(memory_responses(run, modes, field, level=digits), stepped, strict=True):
            gaps = [field.polar(one - other)[0] for one, other in zip(ours, theirs, strict=True)]
            assert max(gaps) < -digits * 2.3  # of the start, which is about 1


def test_a_sum_over_modes_too_early_is_wrong(monkeypatch):
    """Half as late as what turns round allows, its digits are wrong."""
    optimiser, field, digits = rc.HeavyBall("4/5"), Arb(), 16
    with field.working(40):
        modes = six_modes(field, "13/5", "1/100")
        late = forgotten(optimiser, 0.1, 1, largest=1.0, digits=digits)
        run = asked(optimiser, "1/10", [late // 2])
        (right,) = trained(run, modes, field, run.steps)
        monkeypatch.setattr(memory, "forgotten", lambda *_, **__: 0)
        (wrong,) = memory_responses(run, modes, field, level=digits)
        assert field.polar(wrong[0] - right[0])[0] > -(digits - 3) * 2.3


def test_late_steps_and_digits_of_a_sketch():
    """To 1e18 steps, at any number of digits; and what floats say of it."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=20), signal=rc.PowerLawSignal(b=3), noise="1/10")
    run = rc.Run(
        problem, model_size=5, schedule=rc.Constant("1/30"), steps=[10**4, 10**18], optimiser=rc.HeavyBall("9/10")
    )
    few, many, floats = (rc.Exact(seed=3, digits=n).curve(run) for n in (15, 30, None))
    np.testing.assert_allclose(many.excess, few.excess, rtol=2e-15)
    assert all(len(text) > 30 for text in many.decimals["excess"])
    np.testing.assert_allclose(many.excess, floats.excess, rtol=floats.error)
    assert many.method["kappa"] == floats.method["kappa"]


def test_stages_are_refused_where_they_are_long():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=20), signal=rc.PowerLawSignal(b=3))
    run = rc.Run(
        problem, model_size=5, schedule=rc.Geometric("1/30"), steps=[10**7], optimiser=rc.HeavyBall("9/10")
    )
    with pytest.raises(InvalidInput, match="10000000 steps of heavy-ball:9/10 are gone through one by one"):
        rc.Exact(seed=0, digits=20).curve(run)
