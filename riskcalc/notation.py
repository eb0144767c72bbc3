"""The glossary: every mathematical letter of the package, once.

A letter may appear in code, docstrings and printed formulas only if it stands here. `GLOSSARY[key].latex` is
what formulas print; `domain` is what the code enforces.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One symbol: how it is printed, what it means, where it lives, what is typical."""

    latex: str
    meaning: str
    domain: str
    typical: str = ""


GLOSSARY: dict[str, Letter] = {
    "a": Letter(
        latex="a",
        meaning="decay of the covariance spectrum: lambda_j = j^-a",
        domain="a > 0; a > 1 when the dimension is infinite",
        typical="0.6 to 3",
    ),
    "b": Letter(
        latex="b",
        meaning="decay of the signal power: lambda_j w_j^2 = j^-b (source condition)",
        domain="real; b > 1 when the dimension is infinite",
        typical="1.2 to 5",
    ),
    "v": Letter(latex="v", meaning="ambient dimension", domain="whole number >= 1, or infinite"),
    "M": Letter(latex="M", meaning="model size: number of sketched features", domain="1 <= M <= v"),
    "B": Letter(latex="B", meaning="batch size; the update uses the batch mean", domain="whole number >= 1"),
    "gamma": Letter(latex=r"\gamma", meaning="step size", domain="gamma > 0", typical="0.05 to 0.5"),
    "sigma2": Letter(latex=r"\sigma^2", meaning="label-noise variance", domain="sigma2 >= 0"),
    "t": Letter(latex="t", meaning="number of steps done", domain="whole number >= 0"),
    "N": Letter(latex="N", meaning="horizon of a schedule, in steps; size of a data set", domain="whole number >= 1"),
    "u": Letter(latex="u", meaning="spectral parameter in which the dispersion is explicit", domain="complex"),
    "z": Letter(latex="z", meaning="resolvent argument, z = -u m(u)", domain="complex"),
    "d1": Letter(latex="d_1", meaning="effective dimension: d1(u) = sum_j lambda_j/(lambda_j + u)", domain="complex"),
    "d2": Letter(latex="d_2", meaning="its second kind: d2(u) = sum_j (lambda_j/(lambda_j + u))^2", domain="complex"),
    "sig": Letter(latex=r"\varsigma", meaning="signal sum: sig(u) = sum_j h_j/(lambda_j + u)", domain="complex"),
    "Phi": Letter(latex=r"\Phi", meaning="signal resolvent: Phi(u) = sig(u)/m(u)", domain="complex"),
    "w": Letter(latex="w", meaning="coefficient of the target in an eigendirection", domain="real"),
    "h": Letter(latex="h", meaning="signal power in an eigendirection, lambda_j w_j^2", domain=">= 0"),
    "W": Letter(latex="W", meaning="squared size of the target: W = sum_j w_j^2", domain="> 0, or infinite"),
    "m": Letter(latex="m", meaning="companion factor m(u) = 1 - d1(u)/M", domain="complex"),
    "u0": Letter(latex="u_0", meaning="floor: the positive root of d1(u) = M", domain="u0 > 0"),
    "q": Letter(latex="q", meaning="one-step factor of a squared mode", domain="complex"),
    "zeta": Letter(latex=r"\zeta", meaning="generating variable, zeta = exp(-p)", domain="complex"),
    "kappa": Letter(
        latex=r"\kappa", meaning="total mass of the noise kernel: feedback of the SGD noise", domain="< 1 if stable"
    ),
    "E": Letter(latex="E", meaning="excess risk: approximation + bias + variance", domain=">= 0"),
    "alpha": Letter(latex=r"\alpha", meaning="half the decay of the spectrum, a = 2 alpha", domain="alpha > 0"),
    "beta": Letter(latex=r"\beta", meaning="decay of the target, b = 2 alpha + 2 beta", domain="real"),
    "T": Letter(latex="T", meaning="length of a stage of constant step size, in steps", domain="whole number >= 0"),
    "C": Letter(latex="C", meaning="compute budget: M t B", domain="C > 0"),
    "lambda": Letter(latex=r"\lambda", meaning="an eigenvalue", domain=">= 0"),
    "s": Letter(latex="s", meaning="second moment of one coordinate of theta - theta*", domain=">= 0"),
    "approximation": Letter(
        latex=r"\mathcal{A}", meaning="approximation: excess risk of the best model on the features", domain=">= 0"
    ),
    "F": Letter(latex="F", meaning="forcing: excess risk without feedback from the noise", domain=">= 0"),
    "K": Letter(latex="K", meaning="noise kernel, and its generating function", domain=">= 0"),
    "X": Letter(latex="X", meaning="generating function of the forcing without the floor", domain="complex"),
    "E_hat": Letter(latex=r"\hat E", meaning="generating function of the excess risk", domain="complex"),
    "rho": Letter(latex=r"\rho", meaning="floor constant: u0 ~ rho M^-a", domain="rho > 0"),
    "r": Letter(latex="r", meaning="ratio v/M; or the remaining fraction of a schedule", domain="r > 0"),
    "tau": Letter(latex=r"\tau", meaning="intrinsic time, tau = 2 gamma t at constant step size", domain=">= 0"),
    "p": Letter(latex="p", meaning="Laplace variable of the step number, zeta = exp(-p)", domain="complex"),
    "n": Letter(latex="n", meaning="number of a mode", domain="whole number >= 1"),
    "modes": Letter(latex=r"n_{\max}", meaning="number of modes", domain="whole number >= 1"),
    "f": Letter(latex="f", meaning="weight of a mode in the forcing: its share of the first excess", domain="complex"),
    "D": Letter(
        latex="D", meaning="denominator of a mode: 1 - zeta q(z); in D35 an effective dimension", domain="complex"
    ),
    "x": Letter(latex="x", meaning="state of a mode: its share of the excess risk", domain="complex"),
    "k": Letter(latex="k", meaning="weight of a mode in the noise kernel", domain="complex"),
    "x1": Letter(latex="x_1", meaning="root of 1 - zeta q(x) that tends to 0 as zeta tends to 1", domain="complex"),
    "x2": Letter(latex="x_2", meaning="the other root of 1 - zeta q(x)", domain="complex"),
    "u1": Letter(latex="u_1", meaning="the point of the u-plane with z(u_1) = x_1", domain="complex"),
    "u2": Letter(latex="u_2", meaning="the point of the u-plane with z(u_2) = x_2", domain="complex"),
    "P": Letter(latex="P", meaning="number of outputs", domain="whole number >= 1"),
    "du": Letter(latex=r"\Delta u", meaning="quadrature step on a contour in the u-plane", domain="complex"),
}
