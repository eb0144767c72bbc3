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
    "N": Letter(latex="N", meaning="horizon of a schedule, in steps", domain="whole number >= 1"),
    "u": Letter(latex="u", meaning="spectral parameter in which the dispersion is explicit", domain="complex"),
    "z": Letter(latex="z", meaning="resolvent argument, z = -u m(u)", domain="complex"),
    "m": Letter(latex="m", meaning="companion factor m(u) = 1 - d1(u)/M", domain="complex"),
    "u0": Letter(latex="u_0", meaning="floor: the positive root of d1(u) = M", domain="u0 > 0"),
    "q": Letter(latex="q", meaning="one-step factor of a squared mode", domain="complex"),
    "zeta": Letter(latex=r"\zeta", meaning="generating variable, zeta = exp(-p)", domain="complex"),
    "kappa": Letter(
        latex=r"\kappa", meaning="total mass of the noise kernel: feedback of the SGD noise", domain="< 1 if stable"
    ),
    "E": Letter(latex="E", meaning="excess risk: approximation + bias + variance", domain=">= 0"),
}
