"""A curve for a reader: what was asked and what is claimed, then one line a step.

All but the numbers stands behind a #, so that plotting programs and numpy.loadtxt read the output as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskcalc.curve.claim import Warrant
from riskcalc.curve.floor import LIMIT, limit_of
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.rounding import Rounded, rounded, scientific
from riskcalc.curve.wording import problem_sentence, training_sentence
from riskcalc.display import Facts, Grid, Page
from riskcalc.display.as_table import as_table

_LIMIT = 10  # digits at most: the feedback is known to 1e-12
_TOLD = ("sketch", "sketches", "sketch_seed", "runs", "seed")  # of the settings of a road


def page_of(curve: RiskCurve, *, digits: int, more: Mapping[str, list[str]] | None = None) -> Page:
    """What was asked and what is claimed, then one row a step. more: further columns, as texts."""
    text = rounded(curve, digits=digits, write=scientific)
    columns = {**_columns(curve, text), **(more or {})}
    grid = Grid(tuple(columns), tuple(zip(*columns.values(), strict=True)))
    return Page("risk", (Facts(tuple(_header(curve, text, digits).items())), grid))


def table_of(curve: RiskCurve, *, digits: int, more: Mapping[str, list[str]] | None = None) -> str:
    """The page as a table that plotting programs read: all but the numbers stands behind a #."""
    return as_table(page_of(curve, digits=digits, more=more))


def rows_of(curve: RiskCurve, *, digits: int, more: Mapping[str, list[str]] | None = None) -> Grid:
    """The rows with what the header says of all of them, each in a column of its own: nothing stands elsewhere."""
    text = rounded(curve, digits=digits, write=scientific)
    columns, limit = {**_columns(curve, text), **(more or {})}, limit_of(curve)
    same = {"irreducible": text.irreducible, "approximation": text.approximation}
    same |= {} if limit is None else {"limit": f"{limit:.{min(digits, _LIMIT)}g}"}
    same |= {} if curve.error is None else {"error": f"{curve.error:.1e}"}
    same |= {"claim": curve.claim.value, "warrant": curve.warrant.value}
    columns |= {name: [said] * len(curve.steps) for name, said in same.items()}
    return Grid(tuple(columns), tuple(zip(*columns.values(), strict=True)))


def _columns(curve: RiskCurve, text: Rounded) -> dict[str, list[str]]:
    return {"step": [str(step) for step in curve.steps]} | {
        name.replace("_", " "): cells for name, cells in text.columns.items()
    }


def _header(curve: RiskCurve, text: Rounded, digits: int) -> dict[str, str]:
    header = {
        "problem": problem_sentence(curve.asked),
        "run": training_sentence(curve.asked),
        "claim": f"{curve.claim.value} ({method_line(curve.method)})",
        "warrant": f"{curve.warrant.value}; {accuracy_line(curve, digits)}",
        "irreducible": text.irreducible,
        "approximation": text.approximation,
    }
    if (limit := limit_of(curve)) is not None:
        header["limit"] = f"{limit:.{min(digits, _LIMIT)}g}, where the excess ends: {LIMIT}"
    if curve.spread is not None:
        header["sketches"] = "their average is excess + shift; the excess of one scatters by its spread"
    return header


def method_line(method: dict[str, Any]) -> str:
    """The road and those of its settings that say which numbers these are."""
    words = [str(method.get("name", "unknown method"))]
    words += [f"{key} {method[key]}" for key in _TOLD if key in method]
    simulator = method.get("simulator")
    if isinstance(simulator, dict):
        law = simulator.get("covariates", {"name": "gaussian"})
        covariates = " ".join(str(part) for part in law.values())
        words.append(f"{simulator['name']} simulator with {covariates} covariates")
    if "escalated" in method:
        words.append("escalated to more digits")
    if "kappa" in method:
        words.append(f"noise feedback kappa {method['kappa']:.3g}")
    return ", ".join(words)


def accuracy_line(curve: RiskCurve, digits: int) -> str:
    """How well the numbers are known, in words."""
    if curve.standard_error is not None:
        return "the standard error limits the digits"
    if curve.warrant is Warrant.ENCLOSED:
        return "the radius is proved"
    if curve.warrant is Warrant.SAMPLED:
        return "a single run has no standard error"
    if curve.warrant is Warrant.SYMBOLIC:
        return f"leading terms derived with their constants; {digits} digits of the terms printed, not of the risk"
    if curve.error:
        if curve.decimals is not None:
            compared = "precisions" if curve.method["name"] == "exact" else "resolutions"
            return f"two {compared} in the field {curve.method['field']} agree to the {digits} digits printed"
        how = " by more digits than float64" if "escalated" in curve.method else ""
        return f"known to {curve.error:.1e} of the excess{how}; {digits} digits printed"
    return f"{digits} digits printed"

