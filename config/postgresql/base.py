"""Django's backend for PostgreSQL, but that it need not ask a connection whether it still lives."""

import select
from typing import Any

from django.db.backends.postgresql import base

AT_ONCE = 0
# Statements that a connection keeps: more than all pages have. psycopg would forget the hundredth last one.
MOST_PREPARED = 500


class DatabaseWrapper(base.DatabaseWrapper):
    """One whose connections are kept from one request or task to the next (`CONN_MAX_AGE`)."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = MOST_PREPARED
        return connection

    def is_usable(self) -> bool:
        """Whether the connection can be asked something.

        Django asks it `SELECT 1` before the first question of each request, a tenth of what opening a ticket takes. But
        a server that ends a connection says so: then there is something to be read that nobody has asked for, and only
        then the connection is asked. A server that vanishes without a word (its host lost its power) is found out by
        the next question, as it would have been by that one.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        watch = select.poll()
        watch.register(connection.fileno(), select.POLLIN)
        return not watch.poll(AT_ONCE) or super().is_usable()
