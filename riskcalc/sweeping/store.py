"""The store: answers in one SQLite file, under the key of their question and the version of what computed them.

Every batch is one transaction in write-ahead mode: a process killed at any moment leaves all batches before it, and
nothing of the one it was writing. Answers of another version stay where they are and are not looked at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from riskcalc.errors import InvalidInput
from riskcalc.files import check_place
from riskcalc.quantity import file_path
from riskcalc.sweeping.answer import Answer, unpacked
from riskcalc.sweeping.question import version

_APPLICATION = 0x7263_7377  # "rcsw" in the header of the file
_LAYOUT = 1
_ASKED = 500  # keys looked up by one statement
_PATIENCE = 60.0  # seconds to wait for another sweep that is writing

_TABLES = """
CREATE TABLE versions (id INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE);
CREATE TABLE answers (
    version INTEGER NOT NULL REFERENCES versions (id),
    key BLOB NOT NULL,
    told TEXT NOT NULL,
    series BLOB NOT NULL,
    PRIMARY KEY (version, key)
) WITHOUT ROWID;
"""


class Store:
    """What is kept of this version, in an open file; see `opened_store`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with _written(connection):
            connection.execute("INSERT OR IGNORE INTO versions (version) VALUES (?)", (version(),))
        ((self._version,),) = connection.execute("SELECT id FROM versions WHERE version = ?", (version(),))

    def found(self, keys: Sequence[bytes]) -> Iterator[tuple[int, Answer]]:
        """Place among the keys and answer, of those that are answered."""
        place = {key: index for index, key in enumerate(keys)}
        for first in range(0, len(keys), _ASKED):
            some = keys[first : first + _ASKED]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, told, series FROM answers WHERE version = ? AND key IN ({marks})"
            for key, text, content in self._connection.execute(query, (self._version, *some)):
                yield place[key], unpacked(text, content)

    def keep(self, answers: Iterable[tuple[bytes, Answer]]) -> None:
        """Commit these answers at once; those that are not settled would be asked again, so they are not kept."""
        rows = [(self._version, key, *answer.packed()) for key, answer in answers if answer.settled]
        with _written(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

    def of_other_versions(self) -> int:
        """How many answers another version left here."""
        query = "SELECT count(*) FROM answers WHERE version != ?"
        ((count,),) = self._connection.execute(query, (self._version,))
        return int(count)


@contextmanager
def opened_store(path: str | Path) -> Iterator[Store]:
    """The store in a file, which is made where there is none. Errors name the file."""
    place = file_path(path, "store")
    check_place(place, what="the store")
    connection = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)
    try:
        _prepare(connection)
        yield Store(connection)
    except sqlite3.Error as error:
        raise InvalidInput(f"cannot use the store {place}: {error}") from None
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    """Read whose file this is; an empty one becomes a store."""
    ((owner,),) = connection.execute("PRAGMA application_id")
    ((layout,),) = connection.execute("PRAGMA user_version")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if (owner, layout) != (_APPLICATION, _LAYOUT) and (owner or layout or tables):
        raise sqlite3.DatabaseError(
            f"it is a database of something else, or of another layout than {_LAYOUT}: name another file"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing; a power cut the last batches
    if not tables:
        marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_LAYOUT};"
        connection.executescript(f"BEGIN IMMEDIATE; {marks} {_TABLES} COMMIT;")


@contextmanager
def _written(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all that is written inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
