"""The answer type: what it computes itself, and what it does not let pass."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.errors import ConsistencyError, InvalidInput


def _curve(**changes: Any) -> RiskCurve:
    parts: dict[str, Any] = {
        "steps": (0, 1),
        "excess": np.array([1.0, 0.5]),
        "irreducible": 0.25,
        "approximation": 0.1,
        "claim": Claim.GIVEN_SKETCH,
        "warrant": Warrant.COMPUTED,
    }
    return RiskCurve(**(parts | changes))


def test_the_risk_is_irreducible_plus_excess() -> None:
    np.testing.assert_array_equal(_curve().risk, [1.25, 0.75])


@pytest.mark.parametrize("name", ["excess", "bias", "variance", "standard_error", "radius"])
def test_every_series_has_one_value_a_step_and_no_nan(name: str) -> None:
    with pytest.raises(ConsistencyError, match=rf"{name} has shape \(3,\) for 2 recorded steps"):
        _curve(**{name: np.zeros(3)})
    with pytest.raises(ConsistencyError, match=f"{name} came out as nan at step 1"):
        _curve(**{name: np.array([0.0, np.nan])})


@pytest.mark.parametrize("name", ["irreducible", "approximation", "error"])
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, [0.1, 0.2], "much"])
def test_single_numbers_are_finite(name: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=f"{name} must be one finite real number"):
        _curve(**{name: value})


@pytest.mark.parametrize("name", ["irreducible", "error"])
def test_noise_and_error_are_not_negative(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name} cannot be negative, but it is -0.1"):
        _curve(**{name: -0.1})
    assert getattr(_curve(**{name: 0}), name) == 0


def test_values_are_copied_and_cannot_be_changed() -> None:
    values = np.array([1.0, 0.5])
    curve = _curve(excess=values)
    values[0] = 99.0
    assert curve.excess[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        curve.excess[0] = 2.0
    with pytest.raises(FrozenInstanceError):
        curve.claim = Claim.LEADING_ORDER  # type: ignore[misc]


def test_claims_and_warrants_are_the_promised_words() -> None:
    assert [claim.value for claim in Claim] == [
        "given sketch",
        "given sketch and data",
        "averaged over sketches",
        "averaged over stable sketches",
        "median over sketches",
        "deterministic equivalent",
        "average over sketches, through 1/M",
        "leading order",
    ]
    assert [warrant.value for warrant in Warrant] == ["symbolic", "enclosed", "computed", "sampled"]
