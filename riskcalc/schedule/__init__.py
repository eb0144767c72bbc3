"""How the step size moves: one schedule a file."""

from riskcalc.schedule.constant import Constant
from riskcalc.schedule.cosine import Cosine
from riskcalc.schedule.custom import Custom, load_schedule
from riskcalc.schedule.formula import Formula, Reading
from riskcalc.schedule.geometric import Geometric
from riskcalc.schedule.polynomial import Polynomial
from riskcalc.schedule.schedule import Schedule, Stage, checked_schedule, constant_size
from riskcalc.schedule.smooth import Smooth
from riskcalc.schedule.warmup_stable_decay import WarmupStableDecay

__all__ = [
    "Constant",
    "Cosine",
    "Custom",
    "Formula",
    "Geometric",
    "Polynomial",
    "Reading",
    "Schedule",
    "Smooth",
    "Stage",
    "WarmupStableDecay",
    "checked_schedule",
    "constant_size",
    "load_schedule",
]
