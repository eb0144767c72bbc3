"""Every formula of the theory under a name: what it says, where it is proved, how it prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Eq, Expr, Function, Symbol

from riskcalc.errors import InvalidInput
from riskcalc.formula import contour, dispersion, finite_size, generating, letters as L, recursion, stability
from riskcalc.formula.compact import compact
from riskcalc.quantity import nearest


@dataclass(frozen=True, kw_only=True)
class Formula:
    """One formula: `left` is defined as, or must equal, `expression`.

    name: its name in the registry; meaning: one line in words; source: the derivation that proves it (D01 the
    second-moment recursion, D02 the equivalent in the u-plane, D03 generating functions and their inversion).
    """

    name: str
    meaning: str
    source: str
    left: str
    expression: Expr

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The free letters, in alphabetical order."""
        found = {symbol for symbol in self.expression.free_symbols if isinstance(symbol, Symbol)}
        return tuple(sorted(found, key=lambda symbol: str(symbol.name)))

    def latex(self, *, expand: bool = False) -> str:
        """The formula as LaTeX, left side included; `expand` writes out every named quantity inside it."""
        if isinstance(self.expression, Eq):
            return f"{self._side(self.expression.lhs, expand)} = {self._side(self.expression.rhs, expand)}"
        return f"{self.left} = {self._side(self.expression, expand)}"

    def _side(self, side: Expr, expand: bool) -> str:
        return L.as_latex(side if expand else compact(side, name=self.name))


def formulas() -> tuple[Formula, ...]:
    """All formulas, in the order in which the theory builds them."""
    return tuple(
        Formula(name=name, left=left, expression=build(), source=source, meaning=_meaning(build))
        for name, left, build, source in _TABLE
    )


def formula(name: str) -> Formula:
    """The formula of that name.

    >>> formula("dispersion").latex()
    'z(u) = - u m(u)'
    """
    for row in _TABLE:
        if row[0] == name:
            _, left, build, source = row
            return Formula(name=name, left=left, expression=build(), source=source, meaning=_meaning(build))
    known = [row[0] for row in _TABLE]
    raise InvalidInput(f"there is no formula named {name!r}{nearest(name, known)}: choose one of {', '.join(known)}")


def _meaning(build: Callable[[], Expr]) -> str:
    return (build.__doc__ or "").strip().splitlines()[0]


def _forcing() -> Expr:
    """Excess risk without feedback from the noise: approximation plus what is left of the initial error."""
    return L.approximation + contour.ContourIntegral(contour.forcing_integrand())


def _kernel() -> Expr:
    """Noise kernel: response of the excess risk, t steps later, to a unit of noise in one step."""
    return contour.ContourIntegral(contour.kernel_integrand())


def _volterra() -> Expr:
    """Excess risk: forcing, plus every earlier step's noise and risk fed through the kernel."""
    earlier = Symbol("k", integer=True, nonnegative=True)
    forcing, kernel, excess = Function("F"), Function("K"), Function("E")
    from sympy import Sum

    return forcing(L.t) + Sum(kernel(L.t - 1 - earlier) * (excess(earlier) + L.sigma2), (earlier, 0, L.t - 1))


_FLOOR = L.as_latex(L.approximation)

_TABLE: tuple[tuple[str, str, Callable[[], Expr], str], ...] = (
    ("step-factor", "q(z)", recursion.step_factor, "D01"),
    ("moment-recursion", "s_i(t+1)", recursion.next_moment, "D01"),
    ("mode-recursion", "x_n(t+1)", recursion.next_mode, "D01"),
    ("volterra", "E(t)", _volterra, "D01"),
    ("d1", "d_1(u)", dispersion.d1, "D02"),
    ("d2", "d_2(u)", dispersion.d2, "D02"),
    ("signal-sum", r"\varsigma(u)", dispersion.signal_sum, "D02"),
    ("companion", "m(u)", dispersion.companion, "D02"),
    ("dispersion", "z(u)", dispersion.dispersion, "D02"),
    ("dispersion-slope", r"\frac{dz}{du}", dispersion.dispersion_slope, "D02"),
    ("floor-equation", "", dispersion.floor_equation, "D02"),
    ("edge-equation", "", dispersion.edge_equation, "D02"),
    ("approximation", L.as_latex(L.approximation), dispersion.approximation, "D02"),
    ("signal-resolvent", r"\Phi(u)", dispersion.signal_resolvent, "D02"),
    ("trace", r"z \operatorname{tr} (A A^T - z)^{-1}", dispersion.trace_times_z, "D02"),
    ("initial-excess", "E(0)", dispersion.initial_excess, "D02"),
    ("forcing", "F(t)", _forcing, "D02"),
    ("kernel", "K(t)", _kernel, "D02"),
    ("signal-weight", "f_n", contour.signal_weight, "D02"),
    ("kernel-weight", "k_n", contour.kernel_weight, "D02"),
    ("mode-denominator", "D(z)", generating.mode_denominator, "D03"),
    ("forcing-transform", r"X(\zeta)", generating.forcing_transform, "D03"),
    ("kernel-transform", r"K(\zeta)", generating.kernel_transform, "D03"),
    ("bias-transform", r"\hat E_{\mathrm{bias}}(\zeta)", generating.bias_transform, "D03"),
    ("variance-transform", r"\hat E_{\mathrm{variance}}(\zeta)", generating.variance_transform, "D03"),
    ("excess-transform", r"\hat E(\zeta)", generating.excess_transform, "D03"),
    ("stage-transform", r"\hat x_n(\zeta)", generating.stage_transform, "D03"),
    ("near-root", "x_1", generating.near_root, "D03"),
    ("far-root", "x_2", generating.far_root, "D03"),
    ("forcing-from-resolvents", r"\hat F(\zeta)", generating.forcing_from_resolvents, "D03"),
    ("kernel-from-resolvents", r"\hat K(\zeta)", generating.kernel_from_resolvents, "D03"),
    ("stability-point", "z_*", stability.stability_point, "D02"),
    ("stability-equation", "", stability.stability_equation, "D02"),
    ("kernel-mass", r"\kappa", stability.kernel_mass, "D02"),
    ("kernel-mass-of-eigenvalue", r"\kappa_i", stability.kernel_mass_of_eigenvalue, "D01"),
    ("limit-excess", r"E(\infty)", stability.limit_excess, "D01"),
    ("trace-shift", r"T_1(u)", finite_size.trace_shift, "D50"),
    ("signal-shift", r"\Phi_1(u)", finite_size.signal_shift, "D50"),
    ("floor-shift", rf"{_FLOOR}_1", finite_size.floor_shift, "D50"),
    ("floor-spread", rf"\operatorname{{sd}} {_FLOOR}", finite_size.floor_spread, "D51"),
    ("relative-floor-shift", rf"{_FLOOR}_1 / {_FLOOR}", finite_size.relative_floor_shift, "D50"),
    ("relative-floor-spread", rf"\operatorname{{sd}} {_FLOOR} / {_FLOOR}", finite_size.relative_floor_spread, "D51"),
)
