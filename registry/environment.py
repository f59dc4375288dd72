"""What the settings take from the environment: the mode, the variables a mode needs, the kept secret."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# What a production start cannot do without. Each is named when it is missing: a registry that comes up with a
# guessed key, an open host list or mail that goes nowhere is worse than one that does not come up.
REQUIRED_IN_PRODUCTION = ("SECRET_KEY", "ALLOWED_HOSTS", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL")

# A Unix socket's path holds 108 bytes with its closing zero on Linux; some systems allow less.
_LONGEST_SOCKET_PATH = 100


def is_production(environ: Mapping[str, str]) -> bool:
    """Say whether this is a production start: exactly when `DATABASE_URL` is set."""
    return bool(environ.get("DATABASE_URL"))


def require(environ: Mapping[str, str], names: Iterable[str] = REQUIRED_IN_PRODUCTION) -> None:
    """Refuse to start without the variables that production needs.

    Raises
    ------
    ImproperlyConfigured
        Naming every missing variable.
    """
    missing = [name for name in names if not environ.get(name, "").strip()]
    if missing:
        raise ImproperlyConfigured(
            "DATABASE_URL is set, so this is a production start, but these environment variables are "
            f"missing: {', '.join(missing)}. deploy/env.sample describes each of them."
        )


def kept_secret(path: Path) -> str:
    """Return the secret kept in a file, writing a random one on first use.

    Parameters
    ----------
    path : Path
        Readable by its owner alone. Two processes that start at once end up with the same secret.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # A link, not a rename: whoever comes second must take the first one's secret, not replace it.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def embedded_socket(directory: Path) -> Path:
    """Where the embedded broker listens: in its own folder, or in a short one if that path is too long.

    The data stay in the folder that was asked for; a socket is no data.
    """
    path = directory.resolve() / "valkey.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"registry-{os.getuid()}-{digest}" / "valkey.sock"


def socket_url(path: Path) -> str:
    """Address of a broker's Unix socket, for redis-py."""
    return f"unix://{quote(str(path))}?db=0"


def celery_broker_url(redis_url: str) -> str:
    """Translate a redis-py address to the dialect of Celery's transport.

    They agree on `redis://` and `rediss://`; a socket is `unix:///path?db=0` for one and
    `redis+socket:///path?virtual_host=0` for the other.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
