"""The embedded Valkey: where it listens, what it keeps, how it ends."""

import os
import stat
from pathlib import Path

import pytest
import redis

from registry.environment import celery_broker_url
from registry.management.supervisor.broker import Broker, BrokerFailed


def started(folder: Path) -> Broker:
    broker = Broker(folder, folder.parent / "broker.log")
    broker.start()
    return broker


def test_it_listens_on_a_socket_only_its_owner_can_open(tmp_path: Path) -> None:
    broker = started(tmp_path / "with spaces & signs")
    try:
        mode = stat.S_IMODE(broker.socket.stat().st_mode)
        client = redis.Redis.from_url(broker.url)
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.close()
        assert mode == 0o700
    finally:
        broker.stop()


def test_what_was_queued_is_there_after_a_restart(tmp_path: Path) -> None:
    for expected in (None, b"1"):
        broker = started(tmp_path / "valkey")
        with redis.Redis.from_url(broker.url) as client:
            assert client.get("queued") == expected
            client.set("queued", "1")
        broker.stop()
        assert not broker.answers()


def test_a_path_too_long_for_a_socket_still_works(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    broker = started(folder)
    try:
        assert broker.answers()
        assert (folder / "appendonlydir").is_dir(), "the data must stay in the folder that was asked for"
        assert len(os.fsencode(broker.socket)) < 108
    finally:
        broker.stop()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "valkey"
    (folder / "appendonlydir").mkdir(parents=True)
    (folder / "appendonlydir" / "appendonly.aof.manifest").write_text("this is not a manifest\n")
    with pytest.raises(BrokerFailed, match="manifest"):
        started(folder)


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("rediss://user:word@host/0", "rediss://user:word@host/0"),
        ("unix:///a%20b/x.sock?db=2", "redis+socket:///a%20b/x.sock?virtual_host=2"),
        ("unix:///x.sock", "redis+socket:///x.sock?virtual_host=0"),
    ],
)
def test_celery_is_told_the_same_address(redis_url: str, expected: str) -> None:
    assert celery_broker_url(redis_url) == expected
