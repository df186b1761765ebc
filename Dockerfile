# docker build --tag source-dynamodb/source-dynamodb:dev .
#
# Builds with BuildKit and with the classic builder alike, so no RUN --mount, no heredoc, no COPY --link.
# BASE_IMAGE: Node on Debian, with npm.
ARG BASE_IMAGE=node:24-bookworm-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json bundle.js ./
COPY src src
RUN npm run build && rm dist/*.map dist/chunks/*.map

FROM ${BASE_IMAGE}
ENV NODE_ENV=production
# Airbyte's own images run as a user airbyte of uid 1000, which is the number of the base image's user node.
RUN if id node >/dev/null 2>&1; then userdel --remove node; fi \
    && groupadd --gid 1000 airbyte \
    && useradd --uid 1000 --gid airbyte --home-dir /airbyte --no-create-home --shell /bin/sh airbyte \
    && install --directory --owner airbyte --group airbyte /airbyte
WORKDIR /airbyte
# The build puts all that the connector needs into these, so there is nothing to install.
COPY --from=build /build/dist/main.js /build/dist/THIRD-PARTY-LICENSES.txt /build/dist/sbom.cdx.json dist/
COPY --from=build /build/dist/chunks dist/chunks
COPY --from=build /build/dist/wasm dist/wasm
COPY package.json spec.json LICENSE ./
# In numbers, by which Kubernetes' runAsNonRoot can tell that it is not root.
USER 1000:1000

# The platform runs "$AIRBYTE_ENTRYPOINT read …" in a shell, from a directory of its own; docker runs the ENTRYPOINT.
# Both start the file itself by its shebang, which makes Node process 1 and so the one that SIGTERM reaches.
ENV AIRBYTE_ENTRYPOINT="/airbyte/dist/main.js"
ENTRYPOINT ["/airbyte/dist/main.js"]

LABEL io.airbyte.name="source-dynamodb/source-dynamodb" \
      io.airbyte.version="0.1.0" \
      org.opencontainers.image.title="source-dynamodb" \
      org.opencontainers.image.description="Airbyte source for Amazon DynamoDB" \
      org.opencontainers.image.source="https://github.com/source-dynamodb/source-dynamodb" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0"
