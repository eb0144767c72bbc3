"""A curve for a reader: what was asked and what is claimed, then one line a step.

All but the numbers stands behind a #, so that plotting programs and numpy.loadtxt read the output as it is.
"""

from __future__ import annotations

from typing import Any

from riskcalc.cli.rounding import rounded, scientific
from riskcalc.curve import RiskCurve, Warrant
from riskcalc.curve.wording import problem_sentence, training_sentence

_MARGIN = "  "
_TOLD = ("sketch", "sketches", "sketch_seed", "runs", "seed")  # of the settings of a road


def table_of(curve: RiskCurve, *, digits: int) -> str:
    """The whole output of `riskcalc risk` without --json."""
    text = rounded(curve, digits=digits, write=scientific)
    columns = {"step": [str(step) for step in curve.steps], **text.columns}
    aligned = [_aligned(name, cells) for name, cells in columns.items()]
    rows = [_MARGIN.join(cells).rstrip() for cells in zip(*aligned, strict=True)]
    header = {
        "problem": problem_sentence(curve.asked),
        "run": training_sentence(curve.asked),
        "claim": f"{curve.claim.value} ({method_line(curve.method)})",
        "warrant": f"{curve.warrant.value}; {accuracy_line(curve, digits)}",
        "irreducible": text.irreducible,
        "approximation": text.approximation,
    }
    if curve.spread is not None:
        header["sketches"] = "their average is excess + shift; the excess of one scatters by its spread"
    width = max(len(name) for name in header) + 1
    lines = [f"# {name + ':':<{width}} {words}" for name, words in header.items()]
    names, *numbers = rows
    return "\n".join([*lines, "#", f"#{names}", *(f" {row}" for row in numbers)])


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


def _aligned(name: str, cells: list[str]) -> list[str]:
    """The column with its title, as wide everywhere: step counts to the right, other numbers to the left."""
    title = name.replace("_", " ")
    width = max(len(cell) for cell in [title, *cells])
    return [f"{cell:>{width}}" if name == "step" else f"{cell:<{width}}" for cell in [title, *cells]]
