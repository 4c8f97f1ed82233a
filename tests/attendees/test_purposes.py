"""Every column that may tell of a person is in the table of purposes, or known to tell of nobody."""

from django.apps import apps
from django.db import models

from conference.purpose_table import NO_PERSON, TABLE
from conference.purposes import Erasure

TELLING = (
    models.CharField, models.TextField, models.JSONField, models.DateField, models.FileField,
    models.BinaryField, models.GenericIPAddressField,
)  # fmt: skip


def told(model: type[models.Model]) -> set[str]:
    """Columns that could say something of a person; a moment or a word out of a list says only which."""
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, TELLING) and not field.choices and not isinstance(field, models.DateTimeField)
    }


def offences() -> list[str]:
    known = {one.label: {name for held in one.held for name in held.names} for one in TABLE}
    found = []
    for model in apps.get_models():
        label = model._meta.label
        if NO_PERSON.get(label) != "*":
            lacking = told(model) - known.get(label, set()) - set(NO_PERSON.get(label, "").split())
            found += [f"{label}.{name}" for name in sorted(lacking)]
    return found


def test_every_column_has_its_purpose_or_tells_of_nobody() -> None:
    assert offences() == []


def test_the_control_a_column_that_is_in_neither_list_is_found() -> None:
    class Diary(models.Model):
        """A model that somebody adds without thinking of the table."""

        secret = models.TextField()

        class Meta:
            app_label = "attendees"

        def __str__(self) -> str:
            return self.secret

    try:
        assert offences() == ["attendees.Diary.secret"]
    finally:
        del apps.all_models["attendees"]["diary"]
        apps.clear_cache()


def test_the_table_names_only_what_is_there() -> None:
    for rows in TABLE:
        columns = {field.name for field in rows.model._meta.concrete_fields}
        named = [name for held in rows.held for name in held.names]
        assert set(named) <= columns, rows.label
        assert len(named) == len(set(named)), rows.label
        for path in filter(None, (rows.conference, rows.person)):
            rows.all().filter(**{path: 0})
    for label, names in NO_PERSON.items():
        model = apps.get_model(label)
        assert names == "*" or set(names.split()) <= {field.name for field in model._meta.concrete_fields}


def test_what_stays_says_why() -> None:
    for rows in TABLE:
        for held in rows.held:
            assert held.erasure not in (Erasure.KEPT, Erasure.OWN) or str(held.because), (
                rows.label,
                held.columns,
            )
