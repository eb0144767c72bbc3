"""Shared by all tests: golden numbers, the z-score rule, and hypothesis set up to not depend on the machine's speed."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import numpy as np

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two workers on two cores; before NumPy is loaded

settings.register_profile(
    "riskcalc",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=False,
)
settings.load_profile("riskcalc")

GOLDEN = Path(__file__).parent / "golden"
FAMILY_WISE_LEVEL = 1e-3


def golden(name: str) -> Any:
    """The golden numbers of one file."""
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def printed(text: str) -> Any:
    """What a number printed as `text` may be: within half a unit of its last digit."""
    from decimal import Decimal

    number = Decimal(text)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return pytest.approx(float(number), rel=1e-14, abs=0.5001 * 10.0**exponent)


@pytest.fixture(scope="session")
def phases() -> Any:
    """The standard phase diagram, derived once for all who look at it."""
    from riskcalc.scaling import phase_diagram

    return phase_diagram()


@pytest.fixture
def z_bound() -> Callable[[int], float]:
    """The largest |z| that so many comparisons may show together at the family-wise level (Bonferroni)."""

    def bound(comparisons: int) -> float:
        return NormalDist().inv_cdf(1 - FAMILY_WISE_LEVEL / (2 * comparisons))

    return bound


@pytest.fixture
def mean_and_error() -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Mean over the rows and its standard error."""

    def estimate(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return samples.mean(axis=0), samples.std(axis=0, ddof=1) / math.sqrt(len(samples))

    return estimate
