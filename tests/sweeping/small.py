"""Small sweeps, and the bits of a Dataset."""

from __future__ import annotations

from typing import Any

import riskcalc as rc

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="17/5"))
SMALL: dict[str, Any] = {
    "model_size": [10, 40],
    "step_size": ["3/10"],
    "schedule": ["constant", "multistep:1/2"],
    "noise": [0, "1/10"],
    "steps": [0, 30],
}


def small(**more: Any) -> Any:
    """A sweep of eight points."""
    return rc.sweep(PROBLEM, **{**SMALL, **more})


def bits(dataset: Any) -> dict[str, Any]:
    """Every variable and coordinate as bytes or text."""
    return {
        str(name): values.tolist() if (values := dataset[name].values).dtype.kind in "OU" else values.tobytes()
        for name in dataset.variables
    }
