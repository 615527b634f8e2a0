# Three stages: build (thrown away), mlflow (`--target mlflow`), api (the default).
#
# The base is pinned by version. Pin it by digest too where an image registry can
# be asked for it: docker buildx imagetools inspect python:3.12.12-slim-bookworm
ARG PYTHON_IMAGE=python:3.12.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src
RUN python -m venv /opt/venv && python -m venv /opt/build
COPY requirements-api.lock requirements-build.lock ./
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements-api.lock
RUN /opt/build/bin/pip install --no-deps --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md ./
COPY api ./api
COPY models_py ./models_py
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist .
RUN /opt/venv/bin/pip install --no-deps --no-index dist/*.whl

# The experiments, to look at: MLflow's own server on the files of a run.
FROM ${PYTHON_IMAGE} AS mlflow
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
RUN python -m venv /opt/venv \
    && useradd --system --uid 10001 --home-dir /tmp --shell /usr/sbin/nologin bati
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock
ENV PATH=/opt/venv/bin:$PATH DATA_DIR=/data DO_NOT_TRACK=1
USER 10001
EXPOSE 5000
CMD ["sh", "-c", "exec mlflow server --host 0.0.0.0 --port 5000 --backend-store-uri \"sqlite:///$DATA_DIR/mlflow/mlflow.db\" --default-artifact-root \"$DATA_DIR/mlflow/artifacts\""]

# The API: its own extra and nothing else; it reads $DATA_DIR/releases
# and access, and writes decisions.
FROM ${PYTHON_IMAGE} AS api
RUN useradd --system --uid 10001 --home-dir /tmp --shell /usr/sbin/nologin bati
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# In a container the only way in is a published port, so it listens on all of its own,
# and asks for a key: without one in $DATA_DIR/access it refuses to start.
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8000 WEB_CONCURRENCY=1
WORKDIR /tmp
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=2)"]
CMD ["python", "-m", "api"]
