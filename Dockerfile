# syntax=docker/dockerfile:1
# One image for web, worker, beat, watchdog and migrations; docker-compose.yml says which command each runs.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/escala
COPY requirements.lock .
RUN /opt/escala/bin/pip install -r requirements.lock

FROM python:3.13-slim
# pg_dump and pg_restore, for `manage.py backup` and `restore`.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 1000 escala \
    && install -d -o escala -g escala -m 0700 /var/lib/escala
ENV PATH=/opt/escala/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ESCALA_VAR=/var/lib/escala \
    STATIC_ROOT=/srv/escala-static \
    HOST=0.0.0.0
COPY --from=build /opt/escala /opt/escala
WORKDIR /srv/escala
COPY . .
# The key is for this one command, which needs settings but keeps nothing.
RUN python -m compileall -q . \
    && SECRET_KEY=only-for-collecting-static-files-at-build ESCALA_VAR=/tmp/build python manage.py collectstatic --noinput --verbosity=0
USER escala
VOLUME /var/lib/escala
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "-m", "config.web"]
