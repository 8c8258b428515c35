"""What a declaration of fields or resources lacks, with the file to mend; `manage.py check` and every start say so."""

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from customers import fields
from customers.facts.models.base import Fact
from customers.ingest import resources
from customers.ingest.resources.base import Resource

NOT_RESOURCES = {"custom-fields"}  # referred to, but declared by people


@register()
def check_fields(app_configs: Iterable[AppConfig] | None = None, **options: object) -> list[CheckMessage]:
    """Fields are listed, named once, of a source that there is, and those for models belong to a business reason."""
    found: list[CheckMessage] = [
        Error(f"{name} declares FIELDS but is not in MODULES of customers/fields/__init__.py.", id="customers.E001")
        for name, module in _modules_of(fields)
        if isinstance(getattr(module, "FIELDS", None), list) and module not in fields.MODULES
    ]
    every = [(module, field) for module in fields.MODULES for field in module.FIELDS]
    times = Counter(field.key for _module, field in every)
    for module, field in every:
        where = f"{_path(module)}: field {field.key}"
        if times[field.key] > 1:
            found.append(Error(f"{where} is declared {times[field.key]} times.", id="customers.E002"))
        if field.source != "derived" and field.source not in fields.SOURCES:
            found.append(Error(f"{where} names no source of SOURCES: {field.source}.", id="customers.E003"))
        if field.model and field.theme is None:
            found.append(Error(f"{where} is for models and needs a theme.", id="customers.E004"))
    return found


@register()
def check_resources(app_configs: Iterable[AppConfig] | None = None, **options: object) -> list[CheckMessage]:
    """Resources are listed, come after what they refer to, and every table of facts has one."""
    return [*_unlisted_resources(), *_wrong_order(), *_tables_without_resource()]


def _unlisted_resources() -> Iterator[CheckMessage]:
    for name, module in _modules_of(resources):
        declares = any(isinstance(one, Resource) for one in vars(module).values())
        if declares and module not in resources.MODULES:
            yield Error(
                f"{name} declares a resource but is not in MODULES of customers/ingest/resources/__init__.py.",
                id="customers.E005",
            )


def _wrong_order() -> Iterator[CheckMessage]:
    order = list(resources.RESOURCES)
    for place, resource in enumerate(resources.RESOURCES.values()):
        for target in {field.reference.resource for field in resource.references} - NOT_RESOURCES:
            if target not in order[: place + 1]:
                yield Error(
                    f"customers/ingest/resources/__init__.py: {resource.name} refers to {target}: list that first.",
                    id="customers.E006",
                )


def _tables_without_resource() -> Iterator[CheckMessage]:
    known = {resource.model for resource in resources.RESOURCES.values()}
    for model in apps.get_models():
        if issubclass(model, Fact) and model not in known:
            yield Error(
                f"{model.__module__.replace('.', '/')}.py: nothing can be loaded into {model.__name__}:"
                " no module of customers/ingest/resources/ declares a resource of it.",
                id="customers.E007",
            )


def _modules_of(package: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    for one in iter_modules(package.__path__, f"{package.__name__}."):
        module = import_module(one.name)
        yield _path(module), module


def _path(module: ModuleType) -> str:
    return f"{module.__name__.replace('.', '/')}.py"
