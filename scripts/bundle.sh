#!/usr/bin/env bash
# What worker-build calls to bundle its entry, shim.js in the folder where it builds: with ours in its place.
#   ESBUILD  the bundler
set -euo pipefail
[ -f shim.js ] || { echo "worker-build did not leave an entry to replace" >&2; exit 1; }
cp "$(dirname "$0")/../src/edge/entry.js" shim.js
exec "$ESBUILD" "$@"
