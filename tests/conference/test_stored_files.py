"""No column that names a file is forgotten by the doctor and the drill."""

from django.apps import apps
from django.conf import settings
from django.db import models

from conference import stored_files


def test_every_column_that_names_a_file_is_listed() -> None:
    found = {
        f"{model._meta.label.replace('sessions.', 'thematic.')}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name in {"file", "photo", "logo", "background"}
    }
    assert found == {*settings.STORED_FILES, *stored_files.MAY_BE_GONE}
