#!/usr/bin/env bash
# The policies of docs/iam.md against an IAM simulator, with the built connector (`npm run build` comes first).
# Needs python 3.10; installs what else it needs, once for each content of requirements.lock. Ends with a line
# `N passed, N failed`.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/source-dynamodb-iam
VENV=$CACHE/venv-$(sha256sum "$HERE/requirements.lock" | cut -c 1-12)

if [ ! -e "$VENV/complete" ]; then
  echo 'installing the IAM simulator'
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$HERE/requirements.lock"
  touch "$VENV/complete"
fi
# No bytecode in the checkout.
export PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" "$HERE/try_policies.py" "$VENV/bin/ministack"
