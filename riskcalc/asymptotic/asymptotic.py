"""The method `Asymptotic`: the leading-order risk curve, with the constants of the derived term table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskcalc.asymptotic.arithmetic import Floats
from riskcalc.asymptotic.leading_terms import LeadingTerms
from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run
from riskcalc.curve.sum import one_run_a_law, sum_of_curves
from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import MOST_DIGITS
from riskcalc.quantity import MaybeWhole, flag, frozen, given, whole


@frozen(kw_only=True)
class Asymptotic:
    """Leading order of the deterministic equivalent for large M and t, constants included.

    Parameters
    ----------
    digits : whole number or None, default None
        Significant digits of the leading terms, up to 1000, as `decimals`. They are not digits of the risk.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula, a > 1: approximation = F_0; bias = (F_pp + F_ac)/(1 - kappa) + K S/(1 - kappa)^2; variance = (sigma2 +
    F_0) kappa/(1 - kappa). F_ac enters for b >= a + 1 and K S for b > a + 1, where they can lead. At the end of a
    schedule that decays to zero: bias = F_pp + F_ac + K S/(1 - kappa) and the noise of derivation D17. Of one that
    ends above zero, with kappa' at its last step size: bias = (F_pp + F_ac + K S/(1 - kappa))/ (1 - kappa'),
    variance = (sigma2 + F_0) kappa'/(1 - kappa'). a < 1: the same terms without the factors 1/(1 - kappa), which
    build up only at gamma t ~ M^a; the variance is (sigma2 + F_0) times the sum of the kernel so far.

    Valid: power laws with exact exponents; a > 1 with any dimension, or a < 1 with a finite one and a constant step;
    kappa < 1; 1 <= gamma t <= M^a, outside of which the terms are not the leading ones and the question is refused,
    as it is where floor and bias are more than the risk can be that starts at sum j^-b (early, or at a small a, whose
    constants grow without bound). Also refused: M^(b-1) < 2, where F_0 and F_pp never part. Schedules that move are
    answered at their last step only. Refused: a = 1 and a = 1/2 (logarithms that compete with powers). At b = a + 1
    the terms carry their leading logarithm. A run given by its last step alone is answered at those of its steps that
    lie in the window (at the last one, for a schedule that moves); the others are listed in the curve's `method` as
    `left_out`. The relative error falls like a power of M and t: slowly where a is close to 1, b close to a + 1 (like
    M^-|a + 1 - b|), or, with label noise under a schedule that ends like r^p, a close to p + 1 (like Theta^-|1/a -
    1/(p + 1)|, Theta = gamma t).

    Source: derivations D10 to D14, D17, D18; Paquette et al. (arXiv 2405.15074), the four terms.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> run = Run(problem, model_size="1e6", schedule=Constant("3/10"), steps=[10**6])
    >>> f"{Asymptotic().curve(run).excess[0]:.3e}"
    '8.435e-08'
    >>> Asymptotic(digits=25).curve(run).decimals["excess"]
    ('8.434516900476994168928175e-8',)
    """

    digits: MaybeWhole = given(default=None)

    def __post_init__(self) -> None:
        if self.digits is not None:
            object.__setattr__(self, "digits", whole(self.digits, "digits", least=1))
            if self.digits > MOST_DIGITS:
                raise InvalidInput(f"digits go up to {MOST_DIGITS}, not {self.digits}")

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; an unstable one has no leading order, so `force` changes nothing."""
        flag(force, "force")
        if len(laws := one_run_a_law(checked_run(run))) > 1:
            return self._added_up(run, [self.curve(law, force=force) for law in laws])
        if self.digits is not None:
            from riskcalc.asymptotic.precise import precise_curve

            return precise_curve(run, digits=self.digits)
        question = LeadingTerms.of(run, Floats())
        approximation, bias, variance = question.parts()
        return RiskCurve(
            steps=question.recorded,
            excess=np.asarray(approximation + bias + variance, dtype=np.float64),
            bias=bias,
            variance=variance,
            irreducible=float(run.problem.noise),
            approximation=float(approximation),
            claim=Claim.LEADING_ORDER,
            warrant=Warrant.SYMBOLIC,
            asked=run.question,
            method=question.described(),
        )

    def _added_up(self, run: Run, curves: list[RiskCurve]) -> RiskCurve:
        """The curve of outputs that follow several laws, on one spectrum and so with one window."""
        if self.digits is not None:
            raise InvalidInput("outputs of several power laws are added up in float64 only: leave digits out")
        return sum_of_curves(replace(run, steps=curves[0].steps), curves)
