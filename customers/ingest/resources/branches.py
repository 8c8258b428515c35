from customers.ingest import branch_tree
from customers.ingest.declare import Fields
from customers.ingest.resource import Resource
from retention.core.models import Branch

branch = Fields(Branch)

# The only resource that refers to itself: parents may come after their children in the same chunk.
BRANCHES = Resource(
    "branches",
    Branch,
    key=("code",),
    fields=(
        branch.text("code"),
        branch.text("name"),
        branch.to("branches", "parent_code", "parent", key="code", default=None),
        branch.choice("level"),
    ),
    initial={"path": "s.code || '/'"},
    prepare=branch_tree.prepare,
    before=branch_tree.make_room,
    after=branch_tree.refresh_paths,
)
