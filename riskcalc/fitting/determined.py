"""Whether points determine a scaling law, and which further points would."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting.forms import SAMPLE, SIZE, Form
from riskcalc.quantity import Real

_INVISIBLE = 1e-9  # largest share of the loss, anywhere on the grid, of a term that is not there
_ALIGNED = 1 - 1e-9  # correlation of log N and log D
_NARROW = 0.1  # root mean square distance from a line in logarithms: what such points cannot do is due to that
_ROUNDING = 1e-9  # of log L: residuals of exact data are no smaller
_MEDIAN = 0.6745  # of |z|, z a standard Gaussian
_SHARE = 0.3  # of a direction in the parameters: those named in the refusal


def check_layout(sizes: Real, samples: Real) -> None:
    """Refuse points on one line in logarithms."""
    if abs(np.corrcoef(np.log([sizes, samples]))[0, 1]) > _ALIGNED:
        raise InvalidInput(
            "sizes and samples lie on one line in logarithms: what is the effect of N and what of D cannot be told; "
            f"{cure(sizes, samples)}"
        )


def check_visible(model: Form, parameters: Real) -> None:
    """An exponent of a term that contributes nothing, or a constant, means nothing."""
    parts = model.parts(parameters[None])[0]
    shares = np.ptp(parts, axis=1) / parts.sum(axis=0).max()
    for place, letter in ((SIZE, "N"), (SAMPLE, "D")):
        if shares[place] < _INVISIBLE:
            raise InvalidInput(
                f"the losses do not depend on {letter} on this grid: its term is not determined, nor is the constant; "
                f"fit a power law of the other letter by fit_exponents, or widen the grid in {letter}; "
                f"{cure(_axis(model, 'N'), _axis(model, 'D'))}"
            )
        if (np.diff(parts[place][np.argsort(_axis(model, letter))]) > 0).any():
            raise InvalidInput(
                f"the losses rise with {letter} in the best fit of these points: its term is no decay; "
                f"{cure(_axis(model, 'N'), _axis(model, 'D'))}"
            )


def check_determined(model: Form, parameters: Real, mean: Real) -> None:
    """A term that can change by a factor e with the fit as good as before is not known.

    Formula: the residual spread, by the median, over the smallest singular value of d log L/d parameters: the standard
        error of the least known direction, each parameter in its natural unit.
    """
    residuals = np.log(mean) - model.values(parameters[None])[0]
    directions = model.directions(parameters[None])
    _, sizes, turned = np.linalg.svd(np.column_stack(list(directions.values())), full_matrices=False)
    spread = max(_ROUNDING, float(np.median(abs(residuals))) / _MEDIAN)
    if spread < sizes[-1]:
        return
    loose = [name for name, weight in zip(directions, turned[-1], strict=True) if abs(weight) > _SHARE]
    raise InvalidInput(
        f"these points do not determine {' and '.join(loose)}: changed by a factor e or more they leave the fit within "
        f"its residuals ({spread:.2g} of log L); {cure(_axis(model, 'N'), _axis(model, 'D'))}"
    )


def _axis(model: Form, letter: str) -> Real:
    return model.sizes if letter == "N" else model.samples


def cure(sizes: Real, samples: Real) -> str:
    """Which data would separate the terms."""
    x, y = np.log(sizes), np.log(samples)
    slope, start = np.polyfit(x, y, 1)
    off = float(np.sqrt(np.mean((y - start - slope * x) ** 2)))
    if off < _NARROW * max(float(np.ptp(y)), 1.0):
        ratio = float(np.exp(np.mean(y - x)))
        line = f"D = {ratio:.3g} N" if abs(slope - 1) < 0.05 else f"D ~ N^{slope:.2g}"
        return (
            f"all points lie within {100 * off:.2g} % of {line}: add runs of the same N with D several times "
            "smaller or larger"
        )
    return "hold irreducible, give more points, or widen the grid"
