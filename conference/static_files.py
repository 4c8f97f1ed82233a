"""How files for browsers are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Modules import each other by the hash of their content too: a mixture of two versions cannot load."""

    support_js_module_import_aggregation = True
