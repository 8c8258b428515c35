import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from retention import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retention.settings")
loading.begin()
application = get_wsgi_application()
# Load all that pages use before the server forks: the processes share that memory, and no first caller waits for it.
get_resolver().url_patterns  # noqa: B018
loading.load_libraries()
loading.end()
