#!/usr/bin/env bash
# Makes `.ci/venv`, where test/interop finds the Python that it compares with. Does nothing if it is there; without
# Python the tests that want it are skipped.
set -euo pipefail
cd "$(dirname "$0")"
packages=(distributed==2026.8.0 dask==2026.8.0 msgpack==1.2.4 lz4==4.4.5 zstandard==0.25.0 brotli==1.2.1)
stamp="venv/packages.txt"
[ "$(cat "$stamp" 2>/dev/null)" = "${packages[*]}" ] && exit 0
rm -rf venv
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check "${packages[@]}"
echo "${packages[*]}" > "$stamp"
