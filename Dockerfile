# The server over HTTP, for companies: docs/image.md. Only Debian with Python 3.11 or newer is needed as a base;
# pin it by its digest: --build-arg BASE=python:3.13-slim@sha256:...
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY conekta_mcp conekta_mcp
COPY prompts prompts
# The versions that the tests run with. What is compiled here is not compiled at each start: the root is read-only.
RUN python3 -m venv /opt/conekta-mcp \
    && /opt/conekta-mcp/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt '.[redis]' \
    && /opt/conekta-mcp/bin/python -m compileall -q -j 0 /opt/conekta-mcp/lib \
    && /opt/conekta-mcp/bin/pip uninstall --yes --quiet pip \
    && install -d /state

FROM ${BASE}
LABEL io.modelcontextprotocol.server.name="io.github.conekta-mcp/conekta-mcp"
LABEL org.opencontainers.image.title="conekta-mcp"
LABEL org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/conekta-mcp /opt/conekta-mcp
# The user needs no entry in /etc/passwd. /state is the only folder that it may write to.
COPY --from=build --chown=10001:10001 /state /state
ENV PATH=/opt/conekta-mcp/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/state \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /state
VOLUME /state
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/conekta-mcp/bin/python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/healthz' % (os.environ.get('CONEKTA_MCP_PORT') or 8000), timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["conekta-mcp"]
CMD ["serve", "--transport", "streamable-http", "--host", "0.0.0.0"]
