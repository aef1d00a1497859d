"""Tunes: what a model is to be trained on, and how. Rows of the table `tunes`, and what a tune has to be."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from triptych.core.errors import Conflict, InvalidInput
from triptych.core.ids import new_id
from triptych.db.tables import datasets, tunes
from triptych.people.events import record
from triptych.tuning.base_models import find_base_model
from triptych.tuning.reading import recipe_of
from triptych.tuning.templates import check_parameters, find_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.access import Subject
    from triptych.core.recipe import Recipe

DRAFT = "Draft"
"""The state of a tune that nothing has been done with yet."""

NAME = re.compile(r"[a-z0-9-]{4,30}")


@dataclass(frozen=True, slots=True)
class Tune:
    """What a person says of a tune. `parameters` are those that differ from the template's defaults, by group."""

    name: str
    description: str
    base_model: str
    template: str
    parameters: Mapping[str, Any]


def check_tune(tune: Tune, recipe: Recipe) -> None:
    """InvalidInput where a tune cannot be: `bad_tune_name`, `unknown_template`, `unknown_base_model`,
    `template_does_not_fit`, `bad_parameters`."""
    if NAME.fullmatch(tune.name) is None:
        raise InvalidInput(
            f"“{tune.name[:60]}” cannot be the name of a tune.",
            code="bad_tune_name",
            hint="Take 4 to 30 small letters, digits and hyphens.",
        )
    template, model = find_template(tune.template), find_base_model(tune.base_model)
    if recipe.purpose not in template.purposes:
        _does_not_fit(
            f"“{template.title}” is for {' and '.join(template.purposes)}, the dataset for {recipe.purpose.value}."
        )
    if not template.least <= len(recipe.sources) <= template.most:
        wanted = "one data source" if template.most == 1 else f"at least {template.least} data sources"
        _does_not_fit(f"“{template.title}” is for {wanted}, and the dataset has {len(recipe.sources)}.")
    if model.model_category not in template.model_categories:
        _does_not_fit(f"{model.title} does not go with “{template.title}”.")
    check_parameters(template, tune.parameters)


def _does_not_fit(why: str) -> None:
    raise InvalidInput(
        why, code="template_does_not_fit", hint="`GET /tune-templates` says what each template is for."
    )


def add_tune(
    connection: sa.Connection, subject: Subject, dataset: sa.Row[Any], version: int, tune: Tune
) -> sa.Row[Any]:
    """A new tune in state Draft, in the subject's organization. InvalidInput as `check_tune`, and `no_recipe`;
    Conflict `name_taken`."""
    recipe = recipe_of(dataset)
    check_tune(tune, recipe)
    assert subject.organization_id is not None
    tune_id, now = new_id(), time.time()
    statement = sa.insert(tunes).values(
        id=tune_id,
        organization_id=subject.organization_id,
        dataset_id=dataset.id,
        dataset_version=version,
        task=recipe.purpose.value,
        state=DRAFT,
        author_id=subject.user_id,
        created_at=now,
        updated_at=now,
        **_values(tune),
    )
    _write(connection, statement, tune.name)
    record(connection, subject, "created", "tune", tune_id, name=tune.name, dataset=dataset.name)
    return _row(connection, tune_id)


def change_tune(
    connection: sa.Connection, subject: Subject, dataset: sa.Row[Any], row: sa.Row[Any], tune: Tune
) -> sa.Row[Any]:
    """A tune with other values, checked as a new one is."""
    check_tune(tune, recipe_of(dataset))
    changed = sa.update(tunes).where(tunes.c.id == row.id)
    _write(connection, changed.values(updated_at=time.time(), **_values(tune)), tune.name)
    record(connection, subject, "changed", "tune", row.id, name=tune.name)
    return _row(connection, row.id)


def remove_tune(connection: sa.Connection, subject: Subject, row: sa.Row[Any]) -> None:
    """Delete a tune."""
    connection.execute(sa.delete(tunes).where(tunes.c.id == row.id))
    record(connection, subject, "deleted", "tune", row.id, name=row.name)


def find_tune(connection: sa.Connection, tune_id: str) -> sa.Row[Any] | None:
    """The row of a tune, whoever asks."""
    return connection.execute(sa.select(tunes).where(tunes.c.id == tune_id)).one_or_none()


def tune_page(
    connection: sa.Connection,
    visible: sa.ColumnElement[bool],
    dataset_id: str | None,
    before: str | None,
    limit: int,
) -> list[sa.Row[Any]]:
    """Tunes of datasets that are visible, newest first: those made before the id `before`."""
    statement = (
        sa.select(tunes)
        .join(datasets, datasets.c.id == tunes.c.dataset_id)
        .where(visible)
        .order_by(tunes.c.id.desc())
        .limit(limit)
    )
    if dataset_id is not None:
        statement = statement.where(tunes.c.dataset_id == dataset_id)
    if before is not None:
        statement = statement.where(tunes.c.id < before)
    return list(connection.execute(statement))


def _values(tune: Tune) -> dict[str, Any]:
    return {
        "name": tune.name,
        "description": tune.description,
        "base_model": tune.base_model,
        "template": tune.template,
        "parameters": dict(tune.parameters),
    }


def _write(connection: sa.Connection, statement: sa.Insert | sa.Update, name: str) -> None:
    try:
        connection.execute(statement)
    except IntegrityError:
        raise Conflict(
            f"A tune is called “{name}” already.", code="name_taken", hint="Choose another name."
        ) from None


def _row(connection: sa.Connection, tune_id: str) -> sa.Row[Any]:
    row = find_tune(connection, tune_id)
    assert row is not None
    return row
