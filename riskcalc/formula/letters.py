"""The glossary's letters as SymPy symbols, and how a formula prints with them."""

from __future__ import annotations

import re

import sympy
from sympy import Expr, IndexedBase, Symbol

from riskcalc.notation import GLOSSARY

a = Symbol("a", positive=True)
b = Symbol("b", real=True)
v = Symbol("v", positive=True)
M = Symbol("M", positive=True)
B = Symbol("B", positive=True)
gamma = Symbol("gamma", positive=True)
sigma2 = Symbol("sigma2", nonnegative=True)
P = Symbol("P", positive=True)
N = Symbol("N", positive=True)
t = Symbol("t", nonnegative=True)
T = Symbol("T", nonnegative=True)
u = Symbol("u", complex=True)
u0 = Symbol("u0", positive=True)
rho = Symbol("rho", positive=True)
u1 = Symbol("u1", complex=True)
u2 = Symbol("u2", complex=True)
du = Symbol("du", complex=True)
z = Symbol("z", complex=True)
zeta = Symbol("zeta", complex=True)
p = Symbol("p", complex=True)
kappa = Symbol("kappa", positive=True)
E = Symbol("E", nonnegative=True)
approximation = Symbol("approximation", nonnegative=True)
lambda_ = Symbol("lambda", nonnegative=True)
s = Symbol("s", nonnegative=True)
x = Symbol("x", complex=True)
x1 = Symbol("x1", complex=True)
x2 = Symbol("x2", complex=True)
k = Symbol("k", complex=True)
X = Symbol("X", complex=True)
K = Symbol("K", complex=True)
E_hat = Symbol("E_hat", complex=True)
n = Symbol("n", integer=True, positive=True)
modes = Symbol("modes", integer=True, positive=True)
x_n = IndexedBase("x")
k_n = IndexedBase("k")
z_n = IndexedBase("z")

_WRITTEN = 10**4000  # Python writes no whole number of more than 4300 digits


def as_latex(expression: Expr) -> str:
    """LaTeX of an expression, each letter as the glossary prints it; in decimals where a number fills pages.

    >>> as_latex(sigma2 / M)
    '\\\\frac{\\\\sigma^2}{M}'
    """
    letters = {symbol for symbol in expression.free_symbols if isinstance(symbol, Symbol)}
    names = {symbol: GLOSSARY[symbol.name].latex for symbol in letters if symbol.name in GLOSSARY}
    short = {long: long.n(15) for long in expression.atoms(sympy.Rational) if max(abs(long.p), long.q) > _WRITTEN}
    text: str = sympy.latex(expression.xreplace(short), symbol_names=names)
    text = text.replace(r"\operatorname{z'}", "z'")
    return re.sub(r"\{\\left\((?P<inside>[^()]*?) \\right\)\}", r"(\g<inside>)", text)
