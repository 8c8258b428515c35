"""The hash of passwords."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the parameters of the OWASP password storage cheat sheet (19 MiB, two passes, one lane).

    Django's own parameters take 100 MiB a sign-in: a shift of fifty that begins at eight would take 5 GB at once.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
