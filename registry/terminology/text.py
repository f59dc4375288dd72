"""Marking text for translation without importing Django.

The pure packages must run without Django, yet every text a person reads is translated. ``gettext_noop``
marks a text so that ``makemessages`` collects it; whoever shows the text passes it through ``gettext``.
"""


def gettext_noop(message: str) -> str:
    """Return `message` unchanged; its place in the source marks it for translation."""
    return message
