"""Static files of the bench: the product's own by their hashed names; the control's, which nobody collects, by name."""

from hsb.core.static_files import Collected


class WithTheControl(Collected):
    def stored_name(self, name):
        return name if name.startswith("admin/") else super().stored_name(name)
