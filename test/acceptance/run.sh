#!/usr/bin/env bash
# Airbyte's own tools and the image's rules against the built connector (`npm run build` comes first).
#   run.sh [image] [cdk] [pyairbyte] [changes]       every stage without arguments
# image      builds the image and runs it as the platform does
# cdk        airbyte-cdk's DockerConnectorTestSuite, and more of its checks, on the image
# pyairbyte  PyAirbyte reads the executable into DuckDB
# changes    what cdk does under change capture, and PyAirbyte follows a table that changes; while the others run
# Needs java 17 and python 3.10; image and cdk need a container engine too. Where none runs they are left out
# loudly, and fail in CI (CI=true), which installs an engine (so does ACCEPTANCE_INSTALL=1, as root on Debian).
# BASE_IMAGE names another base for the image.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/source-dynamodb-acceptance
IMAGE=source-dynamodb/source-dynamodb:dev
STAND_IN=source-dynamodb-base:node24
STAGES=("$@")
if [ $# = 0 ]; then STAGES=(image cdk pyairbyte changes); fi
# shellcheck source=container-engine.sh
. "$HERE/container-engine.sh"

mkdir -p "$CACHE"
WORK=$(mktemp -d)
BACKGROUND_PIDS=()
FAILED=()
LEFT_OUT=
HAS_IMAGE=
CHANGES_PID=

clean_up() {
  for pid in "${BACKGROUND_PIDS[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  stop_engine
  rm -rf "$WORK"
}
trap clean_up EXIT

wants() { [[ " ${STAGES[*]} " == *" $1 "* ]]; }

# Sets VENV to a virtual environment with what a lock file names; made once for each content of the lock.
use_venv() {
  VENV=$CACHE/venv-$(sha256sum "$1" | cut -c 1-12)
  [ -e "$VENV/complete" ] && return
  echo "installing $(basename "$(dirname "$1")") requirements"
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$1"
  touch "$VENV/complete"
}

# Serves the tables once more, under a name of its own, and sets TABLES_PORT.
serve_tables() {
  mkfifo "$WORK/$1.port"
  node "$ROOT/dist/test/acceptance/serve-tables.js" >"$WORK/$1.port" 2>"$WORK/$1.log" &
  BACKGROUND_PIDS+=($!)
  if ! read -r -t 120 TABLES_PORT <"$WORK/$1.port"; then
    echo 'the tables could not be served:' >&2
    cat "$WORK/$1.log" >&2
    exit 1
  fi
}

# The files that Airbyte's tools look for in a connector's folder, with the engine's address in every config.
connector_folder() {
  local folder=$WORK/$1/source-dynamodb
  mkdir -p "$folder/integration_tests"
  cp "$ROOT"/{metadata.yaml,acceptance-test-config.yml,spec.json,package.json} "$folder/"
  for config in "$ROOT"/integration_tests/*.json; do
    sed "s#http://localhost:8000#http://$2:$TABLES_PORT#" "$config" >"$folder/integration_tests/$(basename "$config")"
  done
  export CONNECTOR_FOLDER=$folder
}

run_pytest() {
  PYTHONDONTWRITEBYTECODE=1 "$VENV/bin/python" -m pytest -p no:cacheprovider --rootdir "$HERE" --tb=short -ra "$@"
}

# Runs a stage to its end whatever it comes to, and says how long it took.
run_stage() {
  local started=$SECONDS code
  printf '\n== %s\n' "$1"
  # Not as the condition of an `if`, where bash goes on after a failed command.
  set +e
  (
    set -e
    "stage_$1"
  )
  code=$?
  set -e
  if [ "$code" = 0 ]; then
    echo "== $1: passed in $((SECONDS - started)) s"
    return
  fi
  echo "== $1: FAILED after $((SECONDS - started)) s"
  FAILED+=("$1")
}

stage_build() {
  local base=${BASE_IMAGE:-}
  if [ -z "$base" ] && { [ "$ENGINE" = started ] || docker image inspect "$STAND_IN" >/dev/null 2>&1; }; then
    "$HERE/base-image.sh" "$STAND_IN"
    base=$STAND_IN
  fi
  "$HERE/build-image.sh" "$IMAGE" "$base"
}

stage_image() {
  use_venv "$HERE/cdk/requirements.lock"
  connector_folder image "$HOST_ADDRESS"
  HOST_ADDRESS=$HOST_ADDRESS CONNECTOR_IMAGE=$IMAGE run_pytest -s -q "$HERE/image"
}

# Runs the suite, and more of its checks, with the configs of some scenarios, and a file of tests that is theirs alone.
# One test of the suite compares the spec with the one that Airbyte's registry publishes for this connector. There is
# none, and asking needs the internet.
run_cdk() {
  use_venv "$HERE/cdk/requirements.lock"
  echo 'left out: test_docker_image_spec_backward_compatibility (no spec of this connector is published to compare with)'
  run_pytest -q -p airbyte_cdk.test.standard_tests.pytest_hooks -W ignore::pytest.PytestUnknownMarkWarning \
    -k 'not backward_compatibility' --connector-image "$IMAGE" --read-from-streams all --read-scenarios "$1" \
    "$HERE"/cdk/{test_standard_suite,test_image_in_depth,"$2"}.py
}

stage_cdk() {
  connector_folder cdk "$HOST_ADDRESS"
  run_cdk config,config_small_pages,config_packed,config_strings test_cursor
}

stage_cdk_changes() {
  connector_folder cdk_changes "$HOST_ADDRESS"
  cp "$HERE/changes/acceptance-test-config.yml" "$CONNECTOR_FOLDER/"
  run_cdk config_changes test_changes
}

# Runs one file of its tests.
run_pyairbyte() {
  local folder=$WORK/$1
  use_venv "$HERE/pyairbyte/requirements.lock"
  connector_folder "$1" 127.0.0.1
  export AIRBYTE_OFFLINE_MODE=1 DO_NOT_TRACK=1 NO_COLOR=1 AIRBYTE_PROJECT_DIR=$folder
  export AIRBYTE_CACHE_ROOT=$folder/cache AIRBYTE_LOGGING_ROOT=$folder/logs AIRBYTE_TEMP_DIR=$folder/temp
  mkdir -p "$AIRBYTE_TEMP_DIR"
  cd "$folder"
  CONNECTOR_EXECUTABLE=$ROOT/dist/main.js run_pytest -q -W ignore::DeprecationWarning "$HERE/pyairbyte/$1.py"
}

stage_pyairbyte() {
  run_pyairbyte test_pyairbyte
}

stage_pyairbyte_changes() {
  run_pyairbyte test_change_capture
}

# Most of this is waiting for change streams to have nothing more.
start_changes() {
  serve_tables changes
  (
    if [ -n "$HAS_IMAGE" ]; then run_stage cdk_changes; fi
    run_stage pyairbyte_changes
    exit ${#FAILED[@]}
  ) >"$WORK/changes.out" 2>&1 &
  CHANGES_PID=$!
  BACKGROUND_PIDS+=("$CHANGES_PID")
}

finish_changes() {
  if ! wait "$CHANGES_PID"; then FAILED+=(changes); fi
  cat "$WORK/changes.out"
}

build_image() {
  find_container_engine "$CACHE" || true
  if [ "$ENGINE" = none ]; then
    printf '\n!! NO CONTAINER ENGINE: the image was not built, and no stage that needs it ran\n' >&2
    LEFT_OUT=', without what needs the image: no container engine'
    if [ "${CI:-}" = true ]; then FAILED+=('container engine'); fi
    return
  fi
  # A container reaches this machine at the bridge's address; Docker Desktop has a name for it.
  HOST_ADDRESS=$(ip -4 -oneline address show docker0 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }')
  HOST_ADDRESS=${HOST_ADDRESS:-host.docker.internal}
  run_stage build
  if [ ${#FAILED[@]} = 0 ]; then
    HAS_IMAGE=yes
  else
    echo '!! no image, so no stage that needs it ran' >&2
  fi
}

for stage in "${STAGES[@]}"; do
  if ! [[ $stage =~ ^(image|cdk|pyairbyte|changes)$ ]]; then
    echo "no stage $stage: image, cdk, pyairbyte or changes" >&2
    exit 2
  fi
done
if wants image || wants cdk || wants changes; then build_image; fi
if wants changes; then start_changes; fi
serve_tables tables
if [ -n "$HAS_IMAGE" ]; then
  if wants image; then run_stage image; fi
  if wants cdk; then run_stage cdk; fi
fi
if wants pyairbyte; then run_stage pyairbyte; fi
if wants changes; then finish_changes; fi
if [ ${#FAILED[@]} -gt 0 ]; then
  printf '\nacceptance: FAILED: %s\n' "${FAILED[*]}"
  exit 1
fi
printf '\nacceptance: passed in %s s%s\n' "$SECONDS" "$LEFT_OUT"
