"""A fitted scaling law: what it says of other sizes and samples, and of the best split of a budget."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.display import Block, Displayed, Facts, Lines, Page
from riskcalc.errors import InvalidInput
from riskcalc.fitting.forms import Form
from riskcalc.fitting.report import Limits
from riskcalc.fitting.resampled_rows import bias_corrected
from riskcalc.quantity import NumberLike, Real, number, real_array

_GRID = 801  # sizes looked at for the best one
_DECADES = 6.0  # of size around the middle of what was fitted


@dataclass(frozen=True, kw_only=True)
class HoldOut:
    """A fit of the smaller budgets asked for the larger ones. error: mean of |log L - predicted|; bias: without ||."""

    fitted: int
    asked: int
    budget: float
    error: float
    bias: float

    def __str__(self) -> str:
        return (
            f"{100 * self.error:.2g} % off on average ({100 * self.bias:+.2g} % in sign) on the {self.asked} points of "
            f"the largest budgets, from a fit of the other {self.fitted} (N D below {self.budget:.3g})"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Prediction:
    """Losses, and their limits where the law has intervals: those of the fitted surface, not of one noisy run."""

    loss: Real
    low: Real | None
    high: Real | None


@dataclass(frozen=True, kw_only=True)
class Allocation(Displayed):
    """The split of a budget C = k N D with the least loss."""

    compute: float
    size: float
    samples: float
    loss: float
    size_interval: Limits | None
    samples_interval: Limits | None
    loss_interval: Limits | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    def page(self) -> Page:
        """The budget, its best split, and the loss there."""

        def told(value: float, pair: Limits | None) -> str:
            return f"{value:.4g}" + ("" if pair is None else f" [{pair[0]:.4g}, {pair[1]:.4g}]")

        facts = (
            ("compute", f"{self.compute:.4g}"),
            ("N", told(self.size, self.size_interval)),
            ("D", told(self.samples, self.samples_interval)),
            ("D/N", told(self.samples / self.size, None)),
            ("loss", told(self.loss, self.loss_interval)),
        )
        return Page("best split of a budget", (Facts(facts),))


@dataclass(frozen=True, kw_only=True, eq=False)
class ScalingLawFit(Displayed):
    """The fitted surface. estimates and intervals by name: E, A, alpha (exponent of N), B, beta (of D); g where the
    terms are coupled; of the theory E, S, tau, a, b.

    spread: root mean square of the log residuals; worst: the largest. A spread far above the noise says that the
    loss is not of this form: the exponents then depend on the grid. holdout: how a fit of the smaller budgets does
    on the larger ones; None with the reason in `no_holdout`. notes: what has to be known before it is used.
    draws: parameters over resamples, None without intervals; units: how many rows, groups or replicates these draw.
    """

    form: str
    law: Form
    parameters: Real
    draws: Real | None
    units: int
    estimates: dict[str, float]
    intervals: dict[str, Limits] | None
    holds_irreducible: bool
    level: float
    uncertainty: str
    loss: str
    spread: float
    worst: float
    points: int
    data: tuple[Real, Real, Real]
    holdout: HoldOut | None = None
    no_holdout: str = ""
    notes: tuple[str, ...] = ()
    grid: dict[str, Limits] = field(default_factory=dict)

    def __call__(self, sizes: ArrayLike, samples: ArrayLike) -> Real:
        """The fitted loss."""
        return self.predict(sizes, samples).loss

    def predict(self, sizes: ArrayLike, samples: ArrayLike) -> Prediction:
        """The loss at these sizes and samples, with limits at the level of the fit."""
        across, along = (_positive(values, name) for values, name in ((sizes, "sizes"), (samples, "samples")))
        across, along = np.broadcast_arrays(across, along)
        law = self.law.at(across.ravel(), along.ravel())
        loss = np.exp(law.values(self.parameters[None])[0]).reshape(across.shape)
        if self.draws is None:
            return Prediction(loss=loss, low=None, high=None)
        low, high = bias_corrected(np.exp(law.values(self.draws)), loss.ravel(), self.level, units=self.units)
        return Prediction(loss=loss, low=low.reshape(across.shape), high=high.reshape(across.shape))

    def allocation(self, compute: NumberLike, *, flops_per: NumberLike = 6) -> Allocation:
        """The size and samples of least loss for a budget, C = flops_per N D.

        Valid: the least loss lies inside the sizes looked at, three decades around those fitted on either side.
        """
        budget, each = float(number(compute, "compute")), float(number(flops_per, "flops_per"))
        if not (0 < budget < np.inf and 0 < each < np.inf):
            raise InvalidInput(f"compute and flops_per must be positive, not {compute} and {flops_per}")
        product = budget / each
        low, high = (np.log(end) for end in self.grid["N"])
        reach = max(_DECADES * np.log(10) / 2, high - low)
        sizes = np.exp(np.linspace(low - reach, high + reach, _GRID))
        law = self.law.at(sizes, product / sizes)
        size, loss = _least(np.log(sizes), law.values(self.parameters[None]))
        if not np.isfinite(size[0]):
            raise InvalidInput(
                f"the loss at this budget has no least value at sizes {sizes[0]:.3g} to {sizes[-1]:.3g}: ask nearer to "
                "the budgets that were fitted"
            )
        best = float(np.exp(size[0])), float(product / np.exp(size[0])), float(np.exp(loss[0]))
        ends: list[Limits | None] = [None, None, None]
        if self.draws is not None:
            spread, lowest = _least(np.log(sizes), law.values(self.draws))
            filled = np.where(np.isfinite(spread), spread, np.inf)  # with no least value, at the end of what is allowed
            draws = np.column_stack([np.exp(filled), product / np.exp(filled), np.exp(lowest)])
            pairs = bias_corrected(draws, np.array(best), self.level, units=self.units)
            ends = [(float(low), float(high)) for low, high in pairs.T]
        return Allocation(
            compute=budget,
            size=best[0],
            samples=best[1],
            loss=best[2],
            size_interval=ends[0],
            samples_interval=ends[1],
            loss_interval=ends[2],
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        held = self.holdout
        return {
            "form": self.form,
            "estimates": dict(self.estimates),
            "intervals": None if self.intervals is None else {key: list(pair) for key, pair in self.intervals.items()},
            "irreducible": "held" if self.holds_irreducible else "fitted",
            "level": self.level,
            "uncertainty": self.uncertainty,
            "loss": self.loss,
            "spread": self.spread,
            "worst": self.worst,
            "points": self.points,
            "grid": {name: list(ends) for name, ends in self.grid.items()},
            "holdout": None if held is None else {"error": held.error, "bias": held.bias, "points": held.asked},
            "notes": list(self.notes),
        }

    def page(self) -> Page:
        """The form, the grid, how well it fits, every parameter, and what has to be known before it is used."""
        ends = ", ".join(f"{name} = {low:.6g} to {high:.6g}" for name, (low, high) in self.grid.items())
        facts = [
            ("model", _FORMULAS[self.form]),
            ("grid", f"{ends}; {self.points} points"),
            ("interval", self.uncertainty),
            ("residuals", f"{self.spread:.2g} root mean square, {self.worst:.2g} largest, of log L; {self.loss}"),
            ("hold-out", self.no_holdout if self.holdout is None else str(self.holdout)),
        ]
        facts += [(name, self._estimate(name, value)) for name, value in self.estimates.items()]
        blocks: list[Block] = [Facts(tuple(facts))]
        return Page("fitted scaling law", (*blocks, Lines(self.notes)) if self.notes else tuple(blocks))

    def _estimate(self, name: str, value: float) -> str:
        if name == "E" and self.holds_irreducible:
            return f"{value:.6g} (held)"
        if self.intervals is None:
            return f"{value:.6g}"
        low, high = self.intervals[name]
        return f"{value:.6g}   {100 * self.level:g} % interval [{low:.6g}, {high:.6g}]"

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {value:.6g}" for name, value in self.estimates.items())
        return f"ScalingLawFit({self.form}: {told})"


_FORMULAS = {
    "additive": "L = E + A N^-alpha + B D^-beta",
    "coupled": "L = E + [(A N^-alpha)^g + (B D^-beta)^g]^(1/g)",
    "theory": "L = E + S M^(1 - b) Phi(tau D/M^a), M = N^(1/2), Phi the theory's crossover",
}


def _least(positions: Real, values: Real) -> tuple[Real, Real]:
    """Where each row is least, by the parabola through three neighbours, and how low; nan at either end."""
    place = values.argmin(axis=1)
    inner = (place > 0) & (place < values.shape[1] - 1)
    safe = np.clip(place, 1, values.shape[1] - 2)
    rows = np.arange(len(values))
    left, middle, right = (values[rows, safe + move] for move in (-1, 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        move = np.nan_to_num(0.5 * (left - right) / (left - 2 * middle + right))
    found = positions[safe] + move * (positions[1] - positions[0])
    return np.where(inner, found, np.nan), middle - 0.25 * (left - right) * move


def _positive(values: ArrayLike, name: str) -> Real:
    read = real_array(values, name)
    if not (np.isfinite(read).all() and (read > 0).all()):
        wrong = read[~(np.isfinite(read) & (read > 0))].flat[0]
        raise InvalidInput(f"{name} must be positive and finite, but one of them is {wrong:g}")
    return read
