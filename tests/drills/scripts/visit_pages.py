"""Open the pages of each role in this process; the last line of the output is JSON {"role path": status}."""

import json
import sys

import django
from django.conf import settings

django.setup()
# What is asked is whether pages answer, not whether files carry digests.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

from django.test import Client  # noqa: E402

from customers.facts.models import Subscriber  # noqa: E402

ALL = ("/", "/customers/", "/churn/", "/scenarios/", "/supervise/", "/jobs/", "/livez", "/readyz")
PAGES = {"mia": ALL, "ada": (*ALL, "/admin/"), "ana": ("/work/", "/customers/", "/work/mine/", "/livez")}

seen = {}
line = Subscriber.objects.order_by("pk").first()
for name, paths in PAGES.items():
    visitor = Client(HTTP_HOST="localhost", raise_request_exception=False)
    signed_in = visitor.post("/login/", {"username": name, "password": "a-long-password-77"})
    seen[f"{name} /login/"] = signed_in.status_code
    for path in (*paths, *((f"/customers/{line.subscriber_no}/",) if name != "ana" else ())):
        seen[f"{name} {path}"] = visitor.get(path).status_code
sys.stdout.write(json.dumps(seen) + "\n")
