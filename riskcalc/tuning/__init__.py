"""What the exact risk says about choices: the step size, the batch size, the whole schedule."""

from riskcalc.tuning.batch_size import CriticalBatchSize, critical_batch_exponent, critical_batch_size
from riskcalc.tuning.early_stopping import EarlyStopping, early_stopping
from riskcalc.tuning.optimal_schedule import OptimalSchedule, optimal_schedule
from riskcalc.tuning.reuse_rate import ReuseRate, reuse_rate
from riskcalc.tuning.step_size import TunedStepSize, tuned_step_size

__all__ = [
    "CriticalBatchSize",
    "EarlyStopping",
    "OptimalSchedule",
    "ReuseRate",
    "TunedStepSize",
    "critical_batch_exponent",
    "critical_batch_size",
    "early_stopping",
    "optimal_schedule",
    "reuse_rate",
    "tuned_step_size",
]
