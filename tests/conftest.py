"""Shared by all tests: golden numbers, the z-score rule, hypothesis set up to not depend on the machine's speed, and
which cases of a long list the default suite runs."""

from __future__ import annotations

import json
import math
import os
import zlib
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

_APPROX = pytest.approx


def _relative(expected: Any, rel: float | None = None, abs: float | None = None, nan_ok: bool = False) -> Any:
    """`pytest.approx`, of which a relative tolerance is relative: by itself it would allow 1e-12 beside it as well."""
    return _APPROX(expected, rel=rel, abs=0 if rel is not None and abs is None else abs, nan_ok=nan_ok)


pytest.approx = _relative

GOLDEN = Path(__file__).parent / "golden"
FAMILY_WISE_LEVEL = 1e-3
LONG_LIST = 3  # cases of one test; of so many or more, a quarter is run by default


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-case", action="store_true", help="of long lists of cases run all, not a sixth")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a long list of cases all but a sixth, the same in every run, count as slow; not where a test says otherwise.

    Those that stay are drawn by a checksum of their names, so that crossed lists keep a mixture of both.
    """
    if config.getoption("--every-case") or any("::" in word for word in config.args):
        return
    lists: dict[str, list[pytest.Item]] = {}
    for item in items:
        if "[" in item.nodeid and not any(item.iter_markers("every_case")):
            lists.setdefault(item.nodeid.split("[")[0], []).append(item)
    for cases in lists.values():
        if len(cases) >= LONG_LIST:
            drawn = sorted(cases, key=lambda item: zlib.crc32(item.name.encode()))
            for item in drawn[math.ceil(len(cases) / 6) :]:
                item.add_marker(pytest.mark.slow)


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
