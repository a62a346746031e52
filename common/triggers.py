"""Sees to it that the database stamps what `configuration` keeps. After every `migrate`, in each database's own way.

Not in a migration: SQLite makes a table anew where a column changes, and its triggers are gone with the old one.
"""

from typing import Any

from django.db import connections

from common.configuration import WATCHED
from common.models import ConfigurationStamp

_STAMPS = ConfigurationStamp._meta.db_table
_NEW = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()::text"}
_RENEW = "UPDATE {stamps} SET value = {new} WHERE name = {name};"
_ONCE = {
    "sqlite": [],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION {_STAMPS}_renew() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {_RENEW.format(stamps=_STAMPS, new=_NEW["postgresql"], name="TG_TABLE_NAME")} RETURN NULL; END $$"""
    ],
}
_FOR_EACH = {
    "sqlite": [
        f"""CREATE TRIGGER {{table}}_stamp_{act} AFTER {act} ON {{table}}
        BEGIN {_RENEW.format(stamps=_STAMPS, new=_NEW["sqlite"], name="'{table}'")} END"""
        for act in ("insert", "update", "delete")
    ],
    "postgresql": [
        f"""CREATE TRIGGER {{table}}_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {{table}}
        FOR EACH STATEMENT EXECUTE FUNCTION {_STAMPS}_renew()"""
    ],
}
_UNDO = {
    "sqlite": [f"DROP TRIGGER {{table}}_stamp_{act}" for act in ("insert", "update", "delete")],
    "postgresql": ["DROP TRIGGER {table}_stamp ON {table}"],
}
_KNOWN = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_stamp_delete'",
    "postgresql": "SELECT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgname = relname||'_stamp'",
}
_FIRST = """INSERT INTO {stamps} (name, value) VALUES ('{table}', {new})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


def ensure(using: str = "default", **_signal: Any) -> None:
    """A trigger on every watched table, and a new stamp for each: after a migration nothing kept is trusted."""
    connection = connections[using]
    vendor = connection.vendor
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        tables = sorted({model._meta.db_table for model in WATCHED} & there)
        cursor.execute(_KNOWN[vendor])
        known = {row[0] for row in cursor.fetchall()}
        if _STAMPS not in there:
            # Migrated back to before there were stamps: a trigger without them would refuse every write.
            for table in known:
                for statement in _UNDO[vendor]:
                    cursor.execute(statement.format(table=table))
            return
        missing = [table for table in tables if table not in known]
        for statement in _ONCE[vendor] if missing else ():
            cursor.execute(statement)
        for table in missing:
            for statement in _FOR_EACH[vendor]:
                cursor.execute(statement.format(table=table))
        for table in tables:
            cursor.execute(_FIRST.format(stamps=_STAMPS, table=table, new=_NEW[vendor]))
