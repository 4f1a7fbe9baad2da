"""The addresses of styles, scripts and pictures, each with a digest of its content."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Files as they were collected. Every page names seven; while a process runs they are called the same."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._address = cache(super().url)

    def url(self, name, force=False):
        return self._address(name, force)
