from retention.core.errors import Invalid


class Unreadable(Invalid):
    """The source cannot be read (further); the message is a sentence for people."""

    code = "unreadable"
