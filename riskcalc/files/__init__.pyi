"""The names of this room, for editors, type checkers and the loader in `__init__.py`."""

from .arrays import read_archive as read_archive, read_array as read_array
from .columns import read_columns as read_columns, table_in as table_in
from .installed import installed_version as installed_version
from .reading import (
    naming as naming,
    read_encoded as read_encoded,
    read_stream as read_stream,
    read_text as read_text,
)
from .table import (
    TextTable as TextTable,
    exported_metric as exported_metric,
    is_number as is_number,
    listed_names as listed_names,
    plain_name as plain_name,
    unit_of as unit_of,
)
from .writing import check_folder as check_folder, check_place as check_place, write_bytes as write_bytes
