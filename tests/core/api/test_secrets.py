import pytest

from retention.core.errors import Unavailable
from retention.core.secrets import new_secret, seal, unseal


def test_what_is_sealed_can_be_read_again_and_tells_nothing():
    secret = new_secret()
    assert unseal(seal(secret)) == secret
    assert secret not in seal(secret)
    assert seal(secret) != seal(secret)


def test_keys_change_over_by_putting_the_new_one_in_front(settings):
    settings.DATA_KEYS = ["old"]
    kept = seal("a")
    settings.DATA_KEYS = ["new", "old"]
    assert unseal(kept) == "a"
    settings.DATA_KEYS = ["new"]
    with pytest.raises(Unavailable):
        unseal(kept)
