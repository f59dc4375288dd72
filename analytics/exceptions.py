"""What analytics refuses with; each is a sentence for the person."""

from registry.public import RegistryError


class Decided(RegistryError):
    """A release was already decided, by somebody else or in another window."""


class DamagedBundle(RegistryError):
    """A bundle is not what was locked."""
