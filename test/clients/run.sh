#!/usr/bin/env bash
# Clients of other makers read through the built connector (`npm run build` comes first).
#   run.sh [FOLDER...]      folders of test/clients, all without arguments: pyairbyte dlt airbyte-serverless …
# Needs python 3.11 and installs the rest, once for each content of a requirements.lock. Where a container engine runs,
# or CI may start one as the acceptance tests do, PyAirbyte is given the connector's image too. Ends with a line
# `N passed, N failed`.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/source-dynamodb-acceptance
IMAGE=source-dynamodb/source-dynamodb:dev
CLIENTS=("$@")
# shellcheck source=../acceptance/container-engine.sh
. "$ROOT/test/acceptance/container-engine.sh"
if [ $# = 0 ]; then CLIENTS=(pyairbyte airbyte-serverless tap-airbyte dlt pathway); fi

# Sets VENV to a virtual environment with what a lock file names. PyAirbyte's is the one of the acceptance tests.
use_venv() {
  local options=(--quiet --disable-pip-version-check)
  VENV=$CACHE/venv-$(sha256sum "$1" | cut -c 1-12)
  [ -e "$VENV/complete" ] && return
  echo "installing $(basename "$(dirname "$1")")"
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  # A lock names every package. What tap-airbyte asks of Python (below 3.11) it does not need.
  "$VENV/bin/pip" install "${options[@]}" --no-deps --ignore-requires-python --requirement "$1"
  touch "$VENV/complete"
}

INSTALLED=()
for client in "${CLIENTS[@]}"; do
  if [ "$client" = tap-airbyte ]; then
    use_venv "$HERE/target-jsonl/requirements.lock"
    PATH=$PATH:$VENV/bin
  fi
  lock=$HERE/$client/requirements.lock
  if [ "$client" = pyairbyte ]; then lock=$ROOT/test/acceptance/pyairbyte/requirements.lock; fi
  use_venv "$lock"
  INSTALLED+=("$client=$VENV/bin/python")
done
mkdir -p "$CACHE"
trap stop_engine EXIT
find_container_engine "$CACHE" || true
if [ "$ENGINE" != none ]; then
  if ! docker image inspect "$IMAGE" >/dev/null 2>&1; then "$ROOT/test/acceptance/build-image.sh" "$IMAGE"; fi
  export CONNECTOR_IMAGE=$IMAGE
fi
node "$ROOT/dist/test/clients/clients.js" "${INSTALLED[@]}"
