"""Which runs the theorems of Lin et al. are about, and the numbers they are stated in."""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.curve import IterateAverage, LastIterate, Run, checked_run, plain_descent
from riskcalc.errors import InvalidInput
from riskcalc.presets import effective_samples
from riskcalc.schedule import Constant, Geometric, Schedule

SMALL_STEP = "gamma <= c(a), a constant the paper does not give"
MANY_FEATURES = "probability at least 1 - exp(-Omega(M)) over the sketch"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """model_size: M. samples: N. effective_samples: N_eff. time: N_eff gamma (the paper's product)."""

    model_size: float
    samples: int
    effective_samples: float
    step_size: float
    noise: float

    @property
    def time(self) -> float:
        return self.effective_samples * self.step_size


def last_iterate(run: Run) -> Setting:
    """The setting of the theorems about the last iterate: the halving schedule, batch size 1, at its horizon."""
    samples = _samples(run, Geometric, "the halving schedule Geometric(...)")
    if not isinstance(run.averaging, LastIterate):
        raise InvalidInput(f"the theorem is about the last iterate, not {run.averaging!r}")
    return _setting(run, samples, effective_samples(samples))


def averaged(run: Run) -> Setting:
    """The setting of theorem F.6: constant steps, batch size 1; N takes the place of N_eff."""
    samples = _samples(run, Constant, "a constant step size, Constant(...)")
    if not isinstance(run.averaging, IterateAverage):
        raise InvalidInput(f"the theorem is about averaging=IterateAverage(), not {run.averaging!r}")
    return _setting(run, samples, float(samples))


def _samples(run: Run, kind: type[Schedule], words: str) -> int:
    plain_descent(checked_run(run), method="the theorem")
    if not isinstance(run.schedule, kind):
        raise InvalidInput(f"the theorem needs {words}, not {run.schedule!r}")
    if run.batch_size != 1:
        raise InvalidInput(f"the theorem is about batch size 1, not {run.batch_size}")
    if run.steps[-1] != run.horizon:
        raise InvalidInput(
            f"the theorem is about the end of the run: record its last step, {run.horizon}, not only {run.steps[-1]}"
        )
    return run.horizon


def _setting(run: Run, samples: int, effective: float) -> Setting:
    return Setting(
        model_size=float(run.model_size),
        samples=samples,
        effective_samples=effective,
        step_size=run.schedule.peak(horizon=run.horizon),
        noise=float(run.problem.noise),
    )
