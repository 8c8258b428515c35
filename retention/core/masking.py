"""How a phone number or an address looks to those who may not see it."""


def mask_phone(number: str) -> str:
    """138****1234; short numbers keep their last two digits only."""
    if not number:
        return ""
    if len(number) >= 9:
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:]


def mask_email(address: str) -> str:
    """l***@example.com."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""
