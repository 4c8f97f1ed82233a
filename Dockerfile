# One image for web, worker, beat and sweeper: docker-compose.yml says which command each of them runs.

FROM node:20-bookworm-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /data conference \
    && install -d -o conference -g conference -m 0700 /data /backup
WORKDIR /app
ARG LOCK=requirements.txt
COPY requirements.txt requirements-s3.txt ./
RUN python -m pip install --no-cache-dir --require-hashes --only-binary :all: -r "$LOCK"
COPY --from=browser /app/node_modules node_modules
COPY . .
# Translations and the files for browsers belong to the image, not to the data. The key opens nothing: it ends here.
RUN SECRET_KEY=build-only DATA_DIR=/tmp/build python manage.py prepare --files-only && rm -rf /tmp/build \
    && python -m compileall -q attendees checkin conference documents mailing sessions
USER conference
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "check", "--deploy"]
