"""The question (Run) and the answer (RiskCurve): what was asked, what is claimed, how well it is known."""

from riskcalc.curve.averaging import (
    Averaging,
    ExponentialAverage,
    IterateAverage,
    LastIterate,
    TailAverage,
    reads_last,
)
from riskcalc.curve.claim import Claim, Warrant
from riskcalc.curve.precise import Decimals
from riskcalc.curve.question import Question
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.run import (
    Method,
    Run,
    checked_run,
    fresh_samples,
    one_output,
    plain_descent,
    plain_optimiser,
    single_problem,
)

__all__ = [
    "Averaging",
    "Claim",
    "Decimals",
    "ExponentialAverage",
    "IterateAverage",
    "LastIterate",
    "Method",
    "Question",
    "RiskCurve",
    "Run",
    "TailAverage",
    "Warrant",
    "checked_run",
    "fresh_samples",
    "one_output",
    "plain_descent",
    "plain_optimiser",
    "reads_last",
    "single_problem",
]
