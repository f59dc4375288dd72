"""Idempotency: what a token was used for, so that a second submit makes no second row."""

from django.db import models


class Submission(models.Model):
    """One accepted command: its token, a digest of its body, and the row it made."""

    token = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64)
    row_id = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.row_id
