"""Static files of the bench: the product's own by their hashed names; the control's, which nobody collects, by name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class WithTheControl(CompressedManifestStaticFilesStorage):
    def stored_name(self, name):
        return name if name.startswith("admin/") else super().stored_name(name)
