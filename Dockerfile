# The mock in a container:
#   docker build -t happytalk-mock .
#   docker run --rm -p 8080:8080 happytalk-mock --rooms 120

FROM python:3.13-slim-trixie AS build
WORKDIR /source
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
# Without a pip of its own, so that none is carried along; the image's pip fills it.
RUN python -m venv --without-pip /venv
COPY requirements.lock ./
RUN pip --python /venv/bin/python install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY mockserver mockserver
COPY contract_tests contract_tests
COPY schemas schemas
COPY fixtures fixtures
RUN pip --python /venv/bin/python install --no-deps --no-build-isolation . \
 && pip --python /venv/bin/python uninstall --yes hatchling editables pathspec trove-classifiers

FROM python:3.13-slim-trixie
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --create-home mock
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /home/mock
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-c", "from http.client import HTTPConnection as H; h = H('127.0.0.1', 8080, timeout=2); h.request('GET', '/__admin/health'); raise SystemExit(h.getresponse().status != 200)"]
ENTRYPOINT ["happytalk-mock", "serve", "--host", "0.0.0.0", "--port", "8080"]
