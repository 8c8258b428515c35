import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from retention import env
from retention.local.servers.addresses import addresses


def test_addresses_stay_the_same_from_call_to_call(tmp_path: Path):
    first, again = addresses(tmp_path), addresses(tmp_path / "x" / "..")
    assert (first.database_url, first.redis_url) == (again.database_url, again.redis_url)


def test_two_folders_never_share_servers(tmp_path: Path):
    one, other = addresses(tmp_path / "one"), addresses(tmp_path / "other")
    assert one.socket_dir != other.socket_dir
    assert one.redis_url != other.redis_url


def test_a_copied_folder_does_not_take_its_originals_valkey(tmp_path: Path):
    original, copy = addresses(tmp_path / "original"), addresses(tmp_path / "copy")
    first = original.redis_url
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "valkey.json").write_text((tmp_path / "original" / "valkey.json").read_text())
    assert copy.redis_url != first
    assert original.redis_url == first


def test_the_socket_path_stays_short_whatever_the_folders_name(tmp_path: Path):
    place = addresses(tmp_path / ("very long " * 20))
    assert len(os.fsencode(place.socket_dir / ".s.PGSQL.5432")) < 107
    assert " " not in place.database_url


def test_the_database_address_is_one_that_settings_understand(tmp_path: Path):
    place = addresses(tmp_path)
    entry = env.database(place.database_url)
    assert (entry["NAME"], entry["USER"], entry["HOST"]) == ("retention", "retention", str(place.socket_dir))


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path):
    place = addresses(tmp_path)
    assert place.secret_key == addresses(tmp_path).secret_key
    assert place.redis_url
    modes = {(tmp_path / name).stat().st_mode & 0o777 for name in ("secret_key", "valkey.json")}
    assert modes == {0o600}


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://host:6379/0", "redis://host:6379/1"),
        ("redis://:word@host:6379", "redis://:word@host:6379/1"),
        ("rediss://host/3", "rediss://host/4"),
        ("redis://host/15", "redis://host/0"),
    ],
)
def test_the_cache_is_another_database_of_the_brokers_server(tmp_path: Path, broker: str, cache: str):
    assert addresses(tmp_path).cache_url(broker) == cache


@pytest.mark.parametrize("url", ["amqp://host/0", "redis://host/name", "host:6379"])
def test_an_address_that_is_no_redis_is_refused_by_name(tmp_path: Path, url: str):
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        addresses(tmp_path).cache_url(url)
