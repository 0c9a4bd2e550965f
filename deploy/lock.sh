#!/usr/bin/env bash
# Makes requirements.lock and requirements-test.lock anew from pyproject.toml (needs uv). See docs/development.md.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --custom-compile-command deploy/lock.sh "$@"
}
compile pyproject.toml - --override requirements.override -o requirements.lock <<<'hatchling'
compile --group test -c requirements.lock -o requirements-test.lock
