"""Curves in the ecosystem's own container: an xarray Dataset that any NetCDF library can hold."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.storage import curve_to_dict
from riskcalc.errors import MissingDependency
from riskcalc.files import installed_version

if TYPE_CHECKING:
    import pandas
    import xarray

CONVENTIONS = "CF-1.11"  # 64-bit step counts are allowed from CF-1.9 on

LONG_NAMES = {
    "risk": "expected squared error of the prediction: irreducible + excess",
    "excess": "excess risk: approximation + bias + variance",
    "bias": "bias: what is left of the initial error",
    "variance": "variance: response to the noise that every sample carries",
    "standard_error": "standard error of the excess risk",
    "radius": "proved bound on the error of the excess risk",
    "shift": "what the average over sketches adds to the excess risk at order 1/M",
    "spread": "standard deviation of the excess risk of one sketch",
    "training": "mean squared error on the samples of the data set",
}


def to_xarray(curve: RiskCurve) -> xarray.Dataset:
    """The curve as a Dataset over the coordinate `step` (int64).

    Units: every variable is "1", that is, in units of the squared label. Scalar variables: irreducible, approximation,
    error (where known), claim, warrant, and `problem` and `method` as JSON text. Scalar coordinates: model_size,
    batch_size, noise, a, b and schedule, where they are one number or name. Attributes are the same for every curve, so
    that curves combine: `xarray.combine_by_coords([one.expand_dims("model_size") for one in ...])`.
    """
    try:
        import xarray
    except ImportError:
        raise MissingDependency('to_xarray needs xarray: pip install "riskcalc-sgd[data]"') from None

    variables: dict[str, Any] = {}
    for name, long_name in LONG_NAMES.items():
        values = getattr(curve, name)
        if values is not None:
            variables[name] = ("step", np.array(values), {"units": "1", "long_name": long_name})
    if "standard_error" in variables:
        variables["excess"][2]["ancillary_variables"] = "standard_error"
    counts = np.array(curve.steps, dtype=np.int64)
    steps = ("step", counts, {"units": "1", "long_name": "number of SGD steps done"})
    for name in ("irreducible", "approximation"):
        variables[name] = ((), float(getattr(curve, name)), {"units": "1"})
    if curve.error is not None:
        variables["error"] = ((), float(curve.error), {"units": "1"})
    written = curve_to_dict(curve)
    texts = {"claim": curve.claim.value, "warrant": curve.warrant.value}
    texts |= {name: json.dumps(written[name]) for name in ("problem", "method")}
    variables |= {name: ((), text) for name, text in texts.items()}
    attributes = {
        "Conventions": CONVENTIONS,
        "title": f"Expected risk curve of {_trained(curve)} on sketched regression",
        "source": f"riskcalc {installed_version()}",
        "riskcalc_version": installed_version(),
    }
    return xarray.Dataset(variables, coords={"step": steps, **_settings(curve)}, attrs=attributes)


def _settings(curve: RiskCurve) -> dict[str, Any]:
    """What was asked as scalar coordinates, along which curves can be put beside each other: xarray.concat(...)."""
    asked = curve.asked
    numbers = {"model_size": asked.model_size, "batch_size": asked.batch_size, "noise": asked.noise}
    numbers |= {"a": asked.a, "b": asked.b}
    found: dict[str, Any] = {name: _as_float(text) for name, text in numbers.items()}
    found["schedule"] = None if asked.schedule is None else asked.schedule.spelled
    return {name: value for name, value in found.items() if value is not None}


def _as_float(text: str | None) -> float | None:
    """None for what is not one number."""
    try:
        return None if text is None else float(Fraction(text))
    except ValueError:
        return None


def to_pandas(curve: RiskCurve) -> pandas.DataFrame:
    """One row a step: risk, excess, bias, variance, and whatever else is known at each step."""
    try:
        import pandas
    except ImportError:
        raise MissingDependency('to_pandas needs pandas: pip install "riskcalc-sgd[data]"') from None

    columns = {name: getattr(curve, name) for name in LONG_NAMES}
    index = pandas.Index(np.array(curve.steps, dtype=np.int64), name="step")
    return pandas.DataFrame({name: values for name, values in columns.items() if values is not None}, index=index)


def _trained(curve: RiskCurve) -> str:
    return "one-pass SGD" if curve.asked.data is None else f"{curve.asked.data.name} training"
