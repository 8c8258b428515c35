"""What gunicorn serves: the WSGI application behind an event loop that gives it whole requests."""

import retention.wsgi  # first: it loads the applications, which the modules below need
from retention import env
from retention.serving.admission import admit
from retention.serving.application import WholeRequests

application = WholeRequests(retention.wsgi.application, most_bytes=admit, threads=env.number("WEB_THREADS", 4))
