"""The benchmark table as text."""


def line(name: str, found: dict) -> str:
    ratio = f"{found['ratio']:,.2f} x" if found["ratio"] is not None else "-"
    return (
        f"{name:<9}{found['figure']:>13,.2f} {found['unit']:<30} floor {found['floor']:>13,.2f}  {ratio:>10}"
        f"  {'reached' if found['reached'] else 'MISSED':<8} {found['goal']}"
    )


def details(found: dict) -> list[str]:
    """What stands under the line: the floor in words, single figures, then tables."""
    main = {"figure", "unit", "floor", "floor_is", "ratio", "goal", "reached"}
    single = ", ".join(
        f"{key} {value}" for key, value in found.items() if key not in main and not isinstance(value, list)
    )
    lines = [f"floor: {found['floor_is']}", *([single] if single else [])]
    for value in found.values():
        if isinstance(value, list):
            lines += ["  ".join(f"{key} {one}" for key, one in row.items()) for row in value]
    return [f"           {text}" for text in lines]
