"""Values that do not belong where they are put, and what each of them means where it means anything."""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

import riskcalc as rc

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=12), signal=rc.PowerLawSignal(b=3), noise="1/10")
RUN = rc.Run(PROBLEM, model_size=4, schedule=rc.Constant("1/10"), steps=[0, 8])


def nothing(*_: Any) -> float:
    """A function that is no answer to any question."""
    return 0.0


STRANGE: dict[str, Any] = {
    "text 0": "0",
    "text 3": "3",
    "no": "no",
    "empty text": "",
    "text nan": "nan",
    "text inf": "inf",
    "text 1/0": "1/0",
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "-1": -1,
    "0": 0,
    "1.5": 1.5,
    "float64 2": np.float64(2),
    "int64 3": np.int64(3),
    "float32 1/2": np.float32(0.5),
    "float64 nan": np.float64("nan"),
    "bool_": np.bool_(True),
    "0-d array": np.array(2.0),
    "0-d truth": np.array(True),
    "empty array": np.array([]),
    "vector": np.ones(3),
    "matrix": np.eye(2),
    "cube": np.ones((2, 3, 2)),
    "complex array": np.ones(2) * 1j,
    "complex": 1 + 2j,
    "complex128": np.complex128(1),
    "None": None,
    "True": True,
    "False": False,
    "huge": 10**400,
    "unprintable": 10**5000,
    "Fraction": Fraction(3, 2),
    "Rational": sympy.Rational(3, 2),
    "Integer": sympy.Integer(2),
    "Symbol": sympy.Symbol("x"),
    "sympy nan": sympy.nan,
    "sympy oo": sympy.oo,
    "Decimal": Decimal(2),
    "bytes": b"1",
    "object": object(),
    "class": rc.Constant,
    "function": nothing,
    "no list": [],
    "list": [1, 2],
    "list of truths": [True, False],
    "list of texts": ["1", "no"],
    "list of nan": [1.0, math.nan],
    "ragged": [[1, 2], [3]],
    "dict": {},
    "full dict": {"a": 1},
    "schedule": rc.Constant("1/10"),
    "signal": rc.PowerLawSignal(b=3),
    "problem": PROBLEM,
    "run": RUN,
    "road": rc.Equivalent(),
}


def meaning(value: Any) -> Any:
    """The plainest value with the same meaning: `"0"` is 0, a NumPy scalar is the number it holds."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return meaning(value[()])
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            return value
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return (
            float(value)
            if isinstance(value, float | np.floating)
            else Fraction(int(value.numerator), int(value.denominator))
        )
    if isinstance(value, list):
        return [meaning(entry) for entry in value]
    return value


def digest(answer: Any) -> Any:
    """An answer as something that can be compared, whatever it holds."""
    if isinstance(answer, np.generic):
        return digest(answer.item())
    if isinstance(answer, np.ndarray):
        return (answer.shape, digest(answer.tolist()))
    if answer is None or isinstance(answer, bool | str):
        return answer
    if isinstance(answer, numbers.Real) and not isinstance(answer, sympy.Basic):
        return repr(answer) if answer != answer else answer
    if isinstance(answer, Mapping):
        return {str(key): digest(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [digest(entry) for entry in answer]
    if dataclasses.is_dataclass(answer):
        fields = [digest(getattr(answer, field.name)) for field in dataclasses.fields(answer)]
        return [type(answer).__name__, *fields]
    if type(answer).__name__ == "Figure":
        return [
            [digest(line.get_xydata()) for line in ax.lines] + [ax.get_xlabel(), ax.get_ylabel()] for ax in answer.axes
        ]
    if isinstance(answer, sympy.Basic) or not hasattr(answer, "__next__"):
        return str(answer)
    return [digest(entry) for entry in answer]
