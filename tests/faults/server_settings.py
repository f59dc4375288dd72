"""What the processes of a fault test run with: the registry's own settings, as a server has them.

Only the style sheets are served as they lie in the sources: collecting them takes longer than the test.
"""

from registry.settings import *  # noqa: F403
from registry.settings import STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
