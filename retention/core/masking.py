"""How a phone number looks to those who may not see it."""


def mask_phone(number: str) -> str:
    """138****1234; short numbers keep their last two digits only."""
    if not number:
        return ""
    if len(number) >= 9:
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:]
