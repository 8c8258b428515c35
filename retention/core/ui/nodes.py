"""Nodes of the tags that hold a block: `capture` and `panel` of retention.core.ui.components."""

from django import template
from django.template.base import FilterExpression, NodeList
from django.utils.safestring import mark_safe


class Capture(template.Node):
    """Renders its inside into a variable, so that a block can be shown twice."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> str:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308  (already escaped)
        return ""


class Panel(template.Node):
    """A card with a heading; see `panel`."""

    def __init__(self, nodelist: NodeList, title: FilterExpression, options: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.title = title
        self.options = options

    def render(self, context: template.Context) -> str:
        options = {name: value.resolve(context) for name, value in self.options.items()}
        with context.push():
            body = self.nodelist.render(context)
        values = {"title": self.title.resolve(context), "body": mark_safe(body), **options}  # noqa: S308
        assert context.template is not None, "a panel is rendered inside a page"
        return context.template.engine.get_template("components/panel.html").render(context.new(values))
