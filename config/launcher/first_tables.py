"""The migrations of an empty database in a tenth of the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.state import ModelState, ProjectState


def has_no_tables() -> bool:
    return not connection.introspection.table_names()


@contextmanager
def rendered_once() -> Iterator[None]:
    """Within the block a migration leaves all models as they are but the one that it makes or changes.

    Django renders every model anew that is related to it, which by way of the user is every model: most of a first
    start. What a migration misses by it is the way back from an older model to the newer one, which only data ask
    for, and an empty database has none. `tests/config/test_tables.py` holds the tables against what the models say
    and, in `make test-twice`, against those of a plain `migrate`.
    """
    states: Any = ProjectState  # its types know neither `_relations` nor that a method can be exchanged
    plainly = states.add_model, states.reload_model
    states.add_model, states.reload_model = _add_alone, _reload_alone
    try:
        yield
    finally:
        states.add_model, states.reload_model = plainly


def _add_alone(state: Any, model: ModelState) -> None:
    state.models[model.app_label, model.name_lower] = model
    if state._relations is not None:
        state.resolve_model_relations((model.app_label, model.name_lower))
    if "apps" in vars(state):
        _render(state.apps, model)


def _reload_alone(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    if "apps" not in vars(state):
        return
    older = state.apps.all_models[app_label].get(model_name.lower())
    if older is None:  # renamed: it stood under another name
        _render(state.apps, state.models[app_label, model_name.lower()])
        return
    # The tables between the two ends of a many-to-many relation are made with the model, and named by it.
    # Django's own user, which ours stands for, has none.
    between = [field.remote_field.through for field in older._meta.local_many_to_many]
    for model in (older, *(through for through in between if through and through._meta.auto_created)):
        state.apps.unregister_model(model._meta.app_label, model._meta.model_name)
    _render(state.apps, state.models[app_label, model_name.lower()])


def _render(apps: Any, model: ModelState) -> None:
    apps.render_multiple([model])
    apps.clear_cache()
