"""What contacts are made for, as far as own lists tell them apart. The app that makes contacts declares them."""

from retention.core.registry import Registry

PURPOSES: Registry[str, object] = Registry("purpose of a contact")
