from retention.core.errors import Invalid


class BadMapping(Invalid):
    """The mapping file says something that cannot be done; the message names where."""

    code = "bad_mapping"
