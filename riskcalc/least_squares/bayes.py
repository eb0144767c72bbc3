"""The Bayes floor: the lowest mean risk that any algorithm reaches when the target is drawn from the prior.

Formula: under the prior w_j ~ N(0, h_j/lambda_j), h_j = lambda_j w_j^2 of the problem, the posterior mean is best, and
    d1_h(u) = n - sigma2/u,   excess = u d1_h(u),   risk = n u,   d1_h(u) = sum h_j/(h_j + u),
    I = (1/2) [sum log(1 + h_j/u) + n log(n u/sigma2) - (n - sigma2/u)] nats:
ridge regression on all features whose spectrum is h, at the ridge sigma2/n, in the deterministic equivalent. Source:
D68.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.curve.wording import problem_sentence
from riskcalc.display import Displayed, Facts, Page
from riskcalc.errors import InvalidInput
from riskcalc.numeric.roots import decreasing_root
from riskcalc.problem import ExplicitSpectrum, GaussianPrior, LogarithmicPowerLaw, PowerLaw, Problem
from riskcalc.problem.spectrum import Spectrum
from riskcalc.quantity import Number, NumberLike, Real, number, of_type, plain
from riskcalc.spectral.landmarks import floor_of
from riskcalc.spectral.of_problem import check_carried, sums_of
from riskcalc.spectral.sums import SpectralSums

_BRACKET = 0.05  # of log u
_ROUNDING = 1e-15
_FEWEST, _MOST = 1e-12, 1e24  # samples
_LEAST_NOISE, _MOST_NOISE = 1e-140, 1e100  # a sample's share, and all of it, over the signal power
_BEYOND = 40.0  # of log u, past the largest h: what is left of the logarithms there is below rounding
_PANEL, _POINTS = 1.0, 12  # of log u; d1 is analytic to pi on either side


@dataclass(frozen=True, kw_only=True)
class BayesRisk(Displayed):
    """The floor at n samples. u: where d1_h(u) = n - sigma2/u. claim: a deterministic equivalent, O(1/n) relative."""

    excess: float
    irreducible: float
    samples: Number
    u: float
    claim: Claim
    warrant: Warrant
    asked: Question = field(default_factory=Question)
    prior: SpectralSums = field(repr=False, compare=False)

    def page(self) -> Page:
        """The floor, for a reader."""
        facts = (
            ("problem", problem_sentence(self.asked)),
            ("samples", plain(self.samples)),
            ("claim", f"{self.claim.value}; {self.warrant.value}"),
            ("risk", f"{self.risk:.9g}"),
            ("excess", f"{self.excess:.9g}"),
            ("information", f"{self.information:.6g} nats"),
        )
        return Page("Bayes risk", (Facts(facts),))

    @property
    def risk(self) -> float:
        """irreducible + excess."""
        return self.irreducible + self.excess

    @cached_property
    def information(self) -> float:
        """Mutual information of target and samples, in nats; infinite without label noise."""
        noise, count = self.irreducible, float(self.samples)
        if noise == 0:
            return math.inf
        freedom = self.excess / self.u
        # n u/sigma2 = 1 + excess/sigma2, and n - sigma2/u = d1
        spent = count * math.log1p(self.excess / noise) - freedom
        return (_log_determinant(self.prior, self.u) + spent) / 2

    @property
    def instant(self) -> float:
        """What one sample more tells: d information/d samples = log(risk/irreducible)/2 nats."""
        return math.inf if self.irreducible == 0 else math.log1p(self.excess / self.irreducible) / 2


def bayes_risk(problem: Problem, *, samples: NumberLike) -> BayesRisk:
    """The lowest mean risk that any algorithm can reach with so many samples, over targets drawn from the prior.

    The target has independent coefficients w_j ~ N(0, h_j/lambda_j) with the signal powers h_j of the problem, the
    noise is Gaussian; an algorithm may use all coordinates of its samples and know spectrum, prior and noise.

    Parameters
    ----------
    problem : Problem
        Its prior is that of independent coefficients of the signal's powers.
    samples : number
        n > 0, any real number.

    Returns
    -------
    BayesRisk
        `excess`, the information that the samples hold, and the excess of the next sample.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: a mean over the prior: an algorithm that was told the target of the problem itself can be below it. Up to
    O(1/n) relative, as all deterministic equivalents.

    Source: D68.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b=2), noise="1/2")
    >>> found = bayes_risk(problem, samples=100)
    >>> f"{found.excess:.10f} {found.information:.6f} {found.instant:.6f}"
    '0.1206457961 18.837518 0.108076'
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    count = number(samples, "samples")
    if not _FEWEST <= float(count) <= _MOST:
        raise InvalidInput(f"samples must lie between {_FEWEST:.0e} and {_MOST:.0e}, not {samples}")
    prior = prior_sums(problem)
    _check_noise(float(problem.noise), count, prior.moments().trace)
    u = _root(prior, count, float(problem.noise))
    return BayesRisk(
        excess=u * float(prior.freedom_at(np.array([u]))[0]) if u > 0 else 0.0,
        irreducible=float(problem.noise),
        samples=count,
        u=u,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        asked=Question.of({**problem.describe(), "samples": plain(count)}),
        prior=prior,
    )


def _check_noise(noise: float, count: Number, power: float) -> None:
    """u lies between noise/n and (noise + power)/n, and its squares have to be numbers."""
    if noise > _MOST_NOISE * power:
        raise InvalidInput(f"noise goes up to {_MOST_NOISE:.0e} times the signal power {power:.4g}, not {noise:.4g}")
    if 0 < noise < _LEAST_NOISE * power * float(count):
        raise InvalidInput(
            f"noise over samples must be 0 or at least {_LEAST_NOISE:.0e} of the signal power {power:.4g}, not "
            f"{noise:.4g}/{float(count):.4g}: use no noise, or fewer samples"
        )


def prior_sums(problem: Problem) -> SpectralSums:
    """Spectral sums over the signal powers h_j, as if they were eigenvalues."""
    return sums_of(Problem(spectrum=_powers(problem), signal=GaussianPrior()))


def _powers(problem: Problem) -> Spectrum:
    signal, spectrum = problem.power_law_signal, problem.spectrum
    if signal is not None:
        check_carried("b", signal.b)
    if isinstance(spectrum, PowerLaw) and signal is not None and signal.b > 0:
        return PowerLaw(signal.b, dimension=problem.dimension, scale=signal.scale)
    if problem.dimension is not None:
        power = problem.signal_power()[problem.eigenvalues() > 0]
        if not (power > 0).any():
            raise InvalidInput("the target is zero: there is nothing to learn, and no floor but the noise")
        return ExplicitSpectrum(power)
    if signal is not None:
        return PowerLaw(signal.b, scale=signal.scale)
    # an isotropic prior on a logarithmic law, whose powers are the eigenvalues, scaled
    law = of_type(spectrum, LogarithmicPowerLaw, "spectrum", "a law of infinite dimension")
    isotropic = of_type(problem.signal, GaussianPrior, "signal", "a prior")
    return LogarithmicPowerLaw(law.a, scale=Fraction(law.scale) * Fraction(isotropic.scale))


def _root(prior: SpectralSums, count: Number, noise: float) -> float:
    """u with d1(u) + sigma2/u = n; zero where nothing hides any direction."""
    if noise == 0:
        return floor_of(prior, count) if count < prior.rank else 0.0

    def surplus(log_u: Real) -> Real:
        u = np.exp(log_u)
        return prior.freedom_at(u) + noise / u - float(count)

    # d1 lies between 0 and trace/u
    low, high = (math.log(power / float(count)) for power in (noise, noise + prior.moments().trace))
    return math.exp(
        decreasing_root(surplus, low - _BRACKET, high + _BRACKET, width=_ROUNDING * max(1.0, abs(low)))
    )


def _log_determinant(prior: SpectralSums, u: float) -> float:
    """sum log(1 + h_j/u), the integral of d1(s) d log s from u on: by Gauss's rule on panels of log s."""
    low, high = math.log(u), max(math.log(u), math.log(prior.largest)) + _BEYOND
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    edges = np.linspace(low, high, 2 + math.ceil((high - low) / _PANEL))
    half = np.diff(edges)[:, None] / 2
    places = edges[:-1, None] + half * (1 + nodes)
    return float((half * weights * prior.freedom_at(np.exp(places))).sum())
