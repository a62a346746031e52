"""The migrations of an empty database in half the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.state import ModelState, ProjectState


def has_no_tables() -> bool:
    return not connection.introspection.table_names()


@contextmanager
def rendered_once() -> Iterator[None]:
    """Within the block a migration's new model leaves those that are there as they are.

    Django renders every model anew that is related to a new one, which by way of the user is every model: half of a
    first start. What a migration misses by it is the way back from an older model to the new one, which only data
    ask for, and an empty database has none. `test_the_tests_run_on_the_tables_that_an_upgrade_makes` holds the
    tables against those of a plain `migrate`.
    """
    states: Any = ProjectState  # its types know neither `_relations` nor that a method can be exchanged
    plainly = states.add_model

    def add_model(state: Any, model: ModelState) -> None:
        state.models[model.app_label, model.name_lower] = model
        if state._relations is not None:
            state.resolve_model_relations((model.app_label, model.name_lower))
        if "apps" in vars(state):
            state.apps.render_multiple([model])
            state.apps.clear_cache()

    states.add_model = add_model
    try:
        yield
    finally:
        states.add_model = plainly
