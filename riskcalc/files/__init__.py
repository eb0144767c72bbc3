"""Files: how they are read, bounded before they are unpacked, and how they are written, whole or not at all."""

from riskcalc.files.arrays import read_archive, read_array
from riskcalc.files.reading import naming, read_text
from riskcalc.files.table import TextTable, is_number, table_of
from riskcalc.files.writing import check_folder, check_place, write_bytes

__all__ = [
    "TextTable",
    "check_folder",
    "check_place",
    "is_number",
    "naming",
    "read_archive",
    "read_array",
    "read_text",
    "table_of",
    "write_bytes",
]
