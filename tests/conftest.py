"""Shared by all tests: golden numbers, and hypothesis set up so that results do not depend on the machine's speed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two workers on two cores

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


def golden(name: str) -> Any:
    """The golden numbers of one file."""
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def printed(text: str) -> Any:
    """What a number printed as `text` may be: within half a unit of its last digit."""
    from decimal import Decimal

    import pytest

    number = Decimal(text)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return pytest.approx(float(number), rel=1e-14, abs=0.5001 * 10.0**exponent)
