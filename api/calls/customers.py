"""The call by which another system brings its customers (R71)."""

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.inputs.customers import CustomerImport
from api.shapes.customers import ImportShape, import_shape
from people.customers.book import bring_in, look, rows
from people.enums import Role


def import_customers(ask: Ask) -> ImportShape:
    """Bring people and organisations, by the rules of the list on the settings page: new ones are made, known ones
    changed where they differ, rows that cannot be taken are named with why. With `dry_run` nothing is written.
    """
    lines, is_dry = rows(ask.given["rows"]), ask.given["dry_run"]
    report = look(lines) if is_dry else bring_in(lines, by=ask.user)
    return import_shape(report, dry_run=is_dry)


importing = endpoint(
    POST=Call(import_customers, Role.ADMIN, ImportShape, body=CustomerImport, sees=Role.ADMIN),
)
