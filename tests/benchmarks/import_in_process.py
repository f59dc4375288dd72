"""Preview and import a workbook in a process of its own, and print as JSON how long it took and its memory.

Run as ``python -m tests.benchmarks.import_in_process WORKBOOK CENTER`` on the database of the environment.
"""

import json
import resource
import sys
import time
from pathlib import Path

import django


def main(path: str, center_id: str) -> None:
    """Import one file, as worker and person together."""
    django.setup()
    from registry.actions import import_batch
    from registry.actions.deferred import Deferred
    from registry.audit.actor import Actor
    from registry.imports.work import work_on_imports
    from registry.models import Center, ImportBatch

    actor = Actor.system("benchmark")
    content = Path(path).read_bytes()
    batch = import_batch.upload(actor, Center.objects.get(pk=center_id), "a.xlsx", content, completing=True)
    send, sending = Deferred.send, []

    def timed(self: Deferred) -> None:
        started = time.perf_counter()
        send(self)
        sending.append(time.perf_counter() - started)

    Deferred.send = timed  # type: ignore[method-assign]
    started = time.perf_counter()
    work_on_imports()
    previewed = time.perf_counter()
    import_batch.commit(actor, batch, "benchmark")
    work_on_imports()
    found = ImportBatch.objects.get(pk=batch.pk)
    measured = {
        "state": found.state,
        "rows": found.rows_created,
        "preview_seconds": previewed - started,
        "commit_seconds": time.perf_counter() - previewed,
        "locked_seconds": sum(sending),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(measured))  # noqa: T201 (its purpose)


if __name__ == "__main__":
    main(*sys.argv[1:])
