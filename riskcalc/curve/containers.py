"""Curves in the ecosystem's own container: an xarray Dataset that any NetCDF library can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.storage import curve_to_dict, installed_version
from riskcalc.errors import MissingDependency

if TYPE_CHECKING:
    import xarray

CONVENTIONS = "CF-1.11"  # 64-bit step counts are allowed from CF-1.9 on

_LONG_NAMES = {
    "risk": "expected squared error of the prediction: irreducible + excess",
    "excess": "excess risk: approximation + bias + variance",
    "bias": "bias: what is left of the initial error",
    "variance": "variance: response to the noise that every sample carries",
    "standard_error": "standard error of the excess risk",
    "radius": "proved bound on the error of the excess risk",
    "training": "mean squared error on the samples of the data set",
}


def to_xarray(curve: RiskCurve) -> xarray.Dataset:
    """The curve as a Dataset over the coordinate `step` (int64), with all that was asked in its attributes.

    Units: every variable is "1", that is, in units of the squared label. Attributes hold claim, warrant,
    irreducible, approximation, error (where known), and `problem` and `method` as JSON text.
    """
    try:
        import xarray
    except ImportError:
        raise MissingDependency('to_xarray needs xarray: pip install "riskcalc-sgd[data]"') from None

    variables = {}
    for name, long_name in _LONG_NAMES.items():
        values = getattr(curve, name)
        if values is not None:
            variables[name] = ("step", np.array(values), {"units": "1", "long_name": long_name})
    if "standard_error" in variables:
        variables["excess"][2]["ancillary_variables"] = "standard_error"
    counts = np.array(curve.steps, dtype=np.int64)
    steps = ("step", counts, {"units": "1", "long_name": "number of SGD steps done"})
    written = curve_to_dict(curve)
    attributes = {
        "Conventions": CONVENTIONS,
        "title": f"Expected risk curve of {_trained(curve)} on sketched regression",
        "source": f"riskcalc {installed_version()}",
        "riskcalc_version": installed_version(),
        "claim": curve.claim.value,
        "warrant": curve.warrant.value,
        "irreducible": float(curve.irreducible),
        "approximation": float(curve.approximation),
        "problem": json.dumps(written["problem"]),
        "method": json.dumps(written["method"]),
    }
    if curve.error is not None:
        attributes["error"] = float(curve.error)
    return xarray.Dataset(variables, coords={"step": steps}, attrs=attributes)


def _trained(curve: RiskCurve) -> str:
    return "one-pass SGD" if curve.asked.data is None else f"{curve.asked.data.name} training"
