"""Files: how they are read, bounded before they are unpacked, and how they are written, whole or not at all."""

from riskcalc.files.arrays import read_archive, read_array
from riskcalc.files.columns import read_columns, table_in
from riskcalc.files.reading import naming, read_encoded, read_stream, read_text
from riskcalc.files.table import TextTable, is_number, listed_names, plain_name
from riskcalc.files.writing import check_folder, check_place, write_bytes

__all__ = [
    "TextTable",
    "check_folder",
    "check_place",
    "is_number",
    "listed_names",
    "naming",
    "plain_name",
    "read_archive",
    "read_array",
    "read_columns",
    "read_encoded",
    "read_stream",
    "read_text",
    "table_in",
    "write_bytes",
]
