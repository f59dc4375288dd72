"""The right to do one kind of work, held by one process at a time."""

from django.db import models


class Lease(models.Model):
    """One kind of work. Whoever holds it renews it; a holder that died is taken over when it expires.

    `token` grows with every change of hands: a holder that was merely asleep finds another token and gives up
    instead of overwriting its successor's work.
    """

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120, blank=True)
    token = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.holder or '–'}"
