#!/usr/bin/env bash
# Builds the connector's image as a stranger would, with plain `docker build`.
#   build-image.sh IMAGE [BASE_IMAGE]      BASE_IMAGE: the Dockerfile's own default without it
set -euo pipefail

image=$1
base=${2:-}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
docker build --quiet ${base:+--build-arg BASE_IMAGE="$base"} --tag "$image" .
