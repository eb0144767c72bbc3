"""What the exact risk says about choices: the step size, the batch size, the whole schedule."""

from riskcalc.tuning.batch_size import CriticalBatchSize, critical_batch_exponent, critical_batch_size
from riskcalc.tuning.optimal_schedule import OptimalSchedule, optimal_schedule
from riskcalc.tuning.step_size import TunedStepSize, tuned_step_size

__all__ = [
    "CriticalBatchSize",
    "OptimalSchedule",
    "TunedStepSize",
    "critical_batch_exponent",
    "critical_batch_size",
    "optimal_schedule",
    "tuned_step_size",
]
