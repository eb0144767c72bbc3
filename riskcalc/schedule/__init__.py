"""How the step size moves: one schedule a file."""

from riskcalc.schedule.constant import Constant
from riskcalc.schedule.corners import corners
from riskcalc.schedule.cosine import Cosine
from riskcalc.schedule.custom import Custom
from riskcalc.schedule.ending import Ending, long_run_of
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.from_file import load_schedule
from riskcalc.schedule.geometric import Geometric
from riskcalc.schedule.inverse_square_root import InverseSquareRoot
from riskcalc.schedule.listed import Listed
from riskcalc.schedule.multi_step import MultiStep
from riskcalc.schedule.polynomial import Polynomial
from riskcalc.schedule.reading import Reading
from riskcalc.schedule.schedule import Schedule, Stage, checked_schedule, constant_size, rescaled
from riskcalc.schedule.sizes import check_stated, listed_sizes
from riskcalc.schedule.smooth import Smooth, is_smooth, sizes_beyond
from riskcalc.schedule.spelling import SPELLINGS, name_of, spelled_out
from riskcalc.schedule.warmup import Warmup
from riskcalc.schedule.warmup_stable_decay import WarmupStableDecay
from riskcalc.schedule.words import (
    is_schedule_name,
    named_schedule,
    nearest_schedule,
    read_schedule,
    read_unsized,
    schedule_of,
    schedule_words,
    warmed_up,
)

__all__ = [
    "SPELLINGS",
    "Constant",
    "Cosine",
    "Custom",
    "Ending",
    "Formula",
    "Geometric",
    "InverseSquareRoot",
    "Listed",
    "MultiStep",
    "Polynomial",
    "Reading",
    "Schedule",
    "Smooth",
    "Stage",
    "Warmup",
    "WarmupStableDecay",
    "check_stated",
    "checked_schedule",
    "constant_size",
    "corners",
    "is_schedule_name",
    "is_smooth",
    "listed_sizes",
    "load_schedule",
    "long_run_of",
    "name_of",
    "named_schedule",
    "nearest_schedule",
    "read_schedule",
    "read_unsized",
    "rescaled",
    "schedule_of",
    "schedule_words",
    "sizes_beyond",
    "spelled_out",
    "warmed_up",
]
