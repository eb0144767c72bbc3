"""Whether a run at its peak step size is stable, and the refusal where it is not."""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.errors import UnstableRun


@dataclass(frozen=True, kw_only=True)
class Stability:
    """kappa: feedback of the SGD noise at `step_size` (< 1 if stable); largest_step_size: where it reaches 1."""

    step_size: float
    kappa: float
    largest_step_size: float

    @property
    def stable(self) -> bool:
        return self.kappa < 1 and self.step_size < self.largest_step_size

    def require(self, *, peak: bool) -> None:
        """Raise UnstableRun with both numbers where the run is not stable."""
        if not self.stable:
            what = "peak step size" if peak else "step size"
            raise UnstableRun(
                f"unstable: at {what} {self.step_size:.6g} the noise feedback is kappa = {self.kappa:.6g} "
                f"(must be < 1); the largest stable constant step size is {self.largest_step_size:.6g}. "
                "Use a smaller step, or force the run"
            )
