# Broadsheet as a container: not root, and the root file system may be read-only. The index is in the volume /index.
#   docker build -t broadsheet .
#   docker run --rm -v broadsheet:/index -v ~/saved-pages:/pages:ro broadsheet index /pages
#   docker run --read-only --tmpfs /tmp -v broadsheet:/index -p 127.0.0.1:8000:8000 broadsheet
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements.txt .
RUN python -m venv /broadsheet && /broadsheet/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY docs/broadsheet.1 docs/
COPY search search
COPY indexer indexer
COPY web web
RUN /broadsheet/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home broadsheet && install --directory --owner broadsheet --mode 0700 /index
COPY --from=build /broadsheet /broadsheet
ENV PATH=/broadsheet/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BROADSHEET_INDEX=tantivy:/index/archive \
    BROADSHEET_HOST=0.0.0.0
USER broadsheet
VOLUME /index
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["broadsheet"]
CMD ["serve"]
