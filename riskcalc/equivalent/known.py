"""What the equivalent knows of a problem at a model size, whatever the run: found once, and kept for the next runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from riskcalc.curve.stability import Stability
from riskcalc.equivalent.stability import frozen_kappa, stability
from riskcalc.numeric.hashes import has_hash
from riskcalc.optimiser import Frozen
from riskcalc.problem import Problem, Regression
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.quantity import Number
from riskcalc.spectral.contour_modes import modes_in_u
from riskcalc.spectral.landmarks import Landmarks, landmarks
from riskcalc.spectral.modes import Modes
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.real_axis import RealAxis
from riskcalc.spectral.sums import SpectralSums

Contour = Callable[..., Modes]

_KEPT = 64  # problems at a model size
_AXES = 8  # problems, whatever the model size
_EACH = 64  # of what is asked of one of them
_LONG = 100_000  # listed eigenvalues; of longer lists the last one is kept, at the last model size
_LONGEST = 10_000_000  # listed eigenvalues; still longer ones are not kept


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """Spectral sums, landmarks, and what has been asked of them already."""

    sums: SpectralSums
    model_size: Number
    marks: Landmarks
    _stabilities: dict[tuple[float, int], Stability] = field(default_factory=dict)
    _ellipses: dict[tuple[float, float], Modes] = field(default_factory=dict)

    def stability(self, *, step_size: float, batch_size: int) -> Stability:
        key = (step_size, batch_size)
        if key not in self._stabilities:
            _make_room(self._stabilities)
            self._stabilities[key] = stability(
                self.sums, self.model_size, self.marks, step_size=step_size, batch_size=batch_size
            )
        return self._stabilities[key]

    def kappa(self, frozen: Frozen, *, batch_size: int) -> float:
        return frozen_kappa(self.sums, self.model_size, self.marks, frozen, batch_size=batch_size)

    def modes(self, contour: Contour, *, height: float, digits: float) -> Modes:
        """On a contour; the ellipses do not depend on the run."""
        if contour is not modes_in_u:
            return contour(self.sums, self.model_size, self.marks, height=height, digits=digits)
        key = (height, digits)
        if key not in self._ellipses:
            _make_room(self._ellipses)
            self._ellipses[key] = contour(self.sums, self.model_size, self.marks, height=height, digits=digits)
        return self._ellipses[key]


def known_of(problem: Regression, model_size: Number) -> Known:
    """What is known, from before where it was asked before; the label noise has no part in it."""
    silent = replace(as_one(problem), noise=0)
    listed = 0 if silent.is_power_law else silent.dimension or 0
    found = _found if listed > _LONGEST or not has_hash(silent) else _kept_alone if listed > _LONG else _kept
    return found(silent, model_size)


def _found(problem: Problem, model_size: Number, *, axis: RealAxis | None = None) -> Known:
    axis = axis or RealAxis(spectral_sums(problem))
    return Known(sums=axis.sums, model_size=model_size, marks=landmarks(axis.sums, model_size, axis=axis))


def _keeping(*, axes: int, sizes: int) -> Callable[[Problem, Number], Known]:
    """`_found`, with so many answers kept, and what does not depend on the model size of so many problems."""

    @lru_cache(maxsize=axes)
    def axis(problem: Problem) -> RealAxis:
        return RealAxis(spectral_sums(problem))

    @lru_cache(maxsize=sizes)
    def kept(problem: Problem, model_size: Number) -> Known:
        return _found(problem, model_size, axis=axis(problem))

    return kept


_kept, _kept_alone = _keeping(axes=_AXES, sizes=_KEPT), _keeping(axes=1, sizes=1)


def _make_room(kept: dict[tuple[float, int], Stability] | dict[tuple[float, float], Modes]) -> None:
    if len(kept) >= _EACH:
        kept.clear()
