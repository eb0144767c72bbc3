"""A data set's own exponents: spectrum and signal of its kernel matrix, the phase they fall in, and SGD on the rows."""

from riskcalc.dataset.analyse import analyse_data
from riskcalc.dataset.kernels import ArcCosine, DataKernel, Laplace, Linear, Rbf
from riskcalc.dataset.reading import load_data
from riskcalc.dataset.report import DataReport
from riskcalc.dataset.rows import Rows, prepared

__all__ = [
    "ArcCosine",
    "DataKernel",
    "DataReport",
    "Laplace",
    "Linear",
    "Rbf",
    "Rows",
    "analyse_data",
    "load_data",
    "prepared",
]
