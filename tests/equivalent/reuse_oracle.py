"""Many passes as they are written: two circles in the z-plane, plain sums, and the two Volterra equations step by step.

It shares nothing with the road but the definition of a problem: circles instead of ellipses in a logarithm, Newton's
method from far away, kernels K_tr and K_te by themselves, no transform. Early steps only: on a circle factors grow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NODES = 320
CLEARANCE = 0.35  # of a circle from the spectrum, relative to its length


@dataclass(frozen=True)
class Oracle:
    """batch_term: whether q has the 1/B of fourth moments; feedback: whether the loss drives the noise."""

    a: float
    b: float
    dimension: int
    model_size: float
    samples: float
    noise: float
    step_size: float
    batch_size: float  # inf: no noise of batches
    batch_term: bool = True
    feedback: bool = True

    def curves(self, last):
        """Risk and training loss after 0, ..., last steps."""
        outer, inner = self._circle(CLEARANCE), self._circle(0.8 * CLEARANCE)
        square = self.step_size**2 / self.batch_size
        spread = 1 + (1 / self.batch_size if self.batch_term else 0.0)
        times = np.arange(last + 1)

        z, w = outer.z, outer.weight
        q = 1 - 2 * self.step_size * z + self.step_size**2 * spread * z**2
        powers = q ** times[:, None]
        own_loss = -((self.noise + outer.psi) / outer.kappa * w * powers).sum(axis=1).real
        on_loss = -square * (z * outer.d1 * w * powers).sum(axis=1).real
        on_risk = square * (outer.kappa * outer.d1 * w * powers).sum(axis=1).real

        z1, z2 = outer.z[:, None], inner.z[None, :]
        factor = (1 - self.step_size * z1) * (1 - self.step_size * z2) + square * (spread > 1) * z1 * z2
        k1, k2, p1, p2 = outer.kappa[:, None], inner.kappa[None, :], outer.psi[:, None], inner.psi[None, :]
        two = (k1 * (self.noise + p2) - k2 * (self.noise + p1)) / (z2 - z1)
        two = two * (outer.weight / outer.z)[:, None] * (inner.weight / inner.z)[None, :]

        loss, risk = np.zeros(last + 1), np.zeros(last + 1)
        for t in times:
            loss[t], risk[t] = own_loss[t], two.sum().real
            if self.feedback and t:
                loss[t] += on_loss[t - 1 :: -1] @ loss[:t]
                risk[t] += on_risk[t - 1 :: -1] @ loss[:t]
            two = two * factor
        return risk, loss

    def _circle(self, clearance):
        j = np.arange(1.0, self.dimension + 1)
        eigenvalues, power = j**-self.a, j**-self.b
        # an upper bound of the spectrum is enough
        top = np.prod([(1 + np.sqrt(eigenvalues.sum() / count)) ** 2 for count in (self.model_size, self.samples)])
        radius = top / 2 * (1 + clearance)
        angle = 2 * np.pi * (np.arange(NODES) + 0.5) / NODES
        z = top / 2 + radius * np.exp(1j * angle)
        weight = radius * np.exp(1j * angle) / NODES  # dz/(2 pi i)
        u = -z * 50.0
        for far in np.geomspace(50, 1, 60):
            for _ in range(4):
                shares = eigenvalues / (eigenvalues + u[:, None])
                d1, d2 = shares.sum(axis=1), (shares**2).sum(axis=1)
                m, nu = 1 - d1 / self.model_size, 1 - d1 / self.samples
                slope = (1 - d2 / self.model_size) * nu + m * (d1 - d2) / self.samples
                u = u - (u * m * nu + far * z) / slope
        shares = eigenvalues / (eigenvalues + u[:, None])
        d1 = shares.sum(axis=1)
        psi = u * (power / (eigenvalues + u[:, None])).sum(axis=1)
        return _Circle(z=z, weight=weight, kappa=u * (1 - d1 / self.model_size), d1=d1, psi=psi)


@dataclass(frozen=True)
class _Circle:
    z: np.ndarray
    weight: np.ndarray
    kappa: np.ndarray
    d1: np.ndarray
    psi: np.ndarray
