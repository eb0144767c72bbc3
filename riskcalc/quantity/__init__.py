"""What users give, read: numbers exactly, arrays, flags, words, objects and names of files. One reader for each."""

from riskcalc.quantity.arguments import (
    as_function,
    chosen,
    file_path,
    flag,
    is_several,
    listed,
    numbers,
    of_type,
    optional,
)
from riskcalc.quantity.arrays import real_array, real_matrix, real_vector
from riskcalc.quantity.fields import GivenFloat, GivenNumber, GivenWhole, MaybeNumber, MaybeWhole, Read, frozen, given
from riskcalc.quantity.held import held
from riskcalc.quantity.reading import Number, exact, number, plain, whole
from riskcalc.quantity.types import Array, Complex, NumberLike, NumbersLike, Real
from riskcalc.quantity.words import as_argument, nearest, shown

__all__ = [
    "Array",
    "Complex",
    "GivenFloat",
    "GivenNumber",
    "GivenWhole",
    "MaybeNumber",
    "MaybeWhole",
    "Number",
    "NumberLike",
    "NumbersLike",
    "Read",
    "Real",
    "as_argument",
    "as_function",
    "chosen",
    "exact",
    "file_path",
    "flag",
    "frozen",
    "given",
    "held",
    "is_several",
    "listed",
    "nearest",
    "number",
    "numbers",
    "of_type",
    "optional",
    "plain",
    "real_array",
    "real_matrix",
    "real_vector",
    "shown",
    "whole",
]
