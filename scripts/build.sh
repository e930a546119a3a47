#!/usr/bin/env bash
# Builds the Worker. wrangler.toml calls it; so do the scripts, which have set up the tools before.
#   BUILD_PROFILE   dev | release   (default: release for `wrangler deploy`, else dev)
#   BUILD_FEATURES  cargo features
#   BUILD_DIR       output folder (default: build)
# One build at a time per checkout; a build whose inputs have not changed is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
. ./versions.env

case "${WRANGLER_COMMAND:-dev}" in dev | types) profile=dev ;; *) profile=release ;; esac
profile=${BUILD_PROFILE:-$profile}
features=${BUILD_FEATURES:-}
out=${BUILD_DIR:-build}

tools="${XDG_CACHE_HOME:-$HOME/.cache}/global-accounts/tools"
worker_build="$tools/worker-build-$WORKER_BUILD/bin/worker-build"
# worker-build would download these three; it takes what these variables name instead.
export WASM_BINDGEN_BIN="${WASM_BINDGEN_BIN:-$tools/wasm-bindgen-cli-$WASM_BINDGEN_CLI/bin/wasm-bindgen}"
export WASM_OPT_BIN="${WASM_OPT_BIN:-$PWD/node_modules/.bin/wasm-opt}"
export ESBUILD="${ESBUILD_BIN:-$PWD/node_modules/.bin/esbuild}"
for tool in "$worker_build" "$WASM_BINDGEN_BIN" "$WASM_OPT_BIN" "$ESBUILD"; do
  [ -x "$tool" ] || { echo "missing: $tool. Run: make setup" >&2; exit 1; }
done
export ESBUILD_BIN="$PWD/scripts/bundle.sh"

# Held until this shell ends, because the lock belongs to the open file and not to the process that takes it.
mkdir -p target
exec 9>target/worker-build.lock
python3 -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' 9>&9

stamp="$out/.stamp"
key="$profile $features $WORKER_BUILD $WASM_BINDGEN_CLI"
inputs=(src build.rs Cargo.toml Cargo.lock rust-toolchain.toml scripts/build.sh scripts/bundle.sh)
for optional in templates schema.sql migrations docs/openapi.json docs/reference.html; do
  if [ -e "$optional" ]; then inputs+=("$optional"); fi
done
# Folders are compared too: they change when a file in them is removed.
if [ "$(cat "$stamp" 2>/dev/null)" = "$key" ] && [ -z "$(find "${inputs[@]}" -newer "$stamp" -print -quit)" ]; then
  exit 0
fi

next=$(mktemp) # older than the build, so that an edit during the build is seen by the next one
rm -f "$stamp"
"$worker_build" "--$profile" --out-dir "$out" -- --locked ${features:+--features "$features"} 9>&-
# worker-build keeps the names of all functions: a tenth of what is uploaded, and of no use to the service.
if [ "$profile" = release ]; then
  "$WASM_OPT_BIN" --strip-debug --strip-producers "$out/index_bg.wasm" -o "$out/index_bg.wasm" 9>&-
fi
printf '%s' "$key" >"$stamp"
touch -r "$next" "$stamp"
rm -f "$next"
