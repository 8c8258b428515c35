from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password

HASHERS = ["retention.core.accounts.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def test_new_passwords_take_argon2_with_19_mib(settings):
    settings.PASSWORD_HASHERS = HASHERS
    assert make_password("a-long-enough-one").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_of_before_still_opens_and_is_hashed_anew(settings):
    settings.PASSWORD_HASHERS = HASHERS
    kept, renewed = PBKDF2PasswordHasher().encode("a-long-enough-one", "salt", iterations=1000), []
    assert check_password("a-long-enough-one", kept, setter=renewed.append)
    assert renewed == ["a-long-enough-one"]
