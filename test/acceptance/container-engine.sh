# shellcheck shell=bash disable=SC2034
# Sourced. Finds a container engine, or brings one up where that is allowed.

# Sets ENGINE to `running` (one was there), `started` (this call started it; ENGINE_PID is its pid) or `none`.
# An engine is installed and started only for root on Debian, and only when CI=true or ACCEPTANCE_INSTALL=1.
# Usage: find_container_engine CACHE_DIRECTORY
find_container_engine() {
  ENGINE=none
  ENGINE_PID=
  if docker info >/dev/null 2>&1; then
    ENGINE=running
    return
  fi
  if [ "${CI:-}" != true ] && [ "${ACCEPTANCE_INSTALL:-}" != 1 ]; then
    echo 'no container engine is running; ACCEPTANCE_INSTALL=1 installs one (root on Debian)' >&2
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo 'a container engine can be installed only by root on Debian' >&2
    return
  fi
  install_engine && start_engine "$1"
}

install_engine() {
  command -v dockerd >/dev/null && command -v debootstrap >/dev/null && return
  echo 'installing docker.io and debootstrap' >&2
  apt-get update -qq >&2 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq docker.io iptables debootstrap >/dev/null
}

start_engine() {
  local log=$1/dockerd.log
  setsid dockerd >"$log" 2>&1 </dev/null &
  ENGINE_PID=$!
  for _ in $(seq 120); do
    if docker info >/dev/null 2>&1; then
      ENGINE=started
      return
    fi
    kill -0 "$ENGINE_PID" 2>/dev/null || break
    sleep 0.5
  done
  echo 'the container engine did not start; its last lines:' >&2
  tail -n 20 "$log" >&2
  return 1
}

stop_engine() {
  [ -n "${ENGINE_PID:-}" ] || return 0
  kill "$ENGINE_PID" 2>/dev/null || true
  wait "$ENGINE_PID" 2>/dev/null || true
  ENGINE_PID=
}
