#!/usr/bin/env bash
# Installs CPythons that were built for WebAssembly (Pyodide), of patch levels that are hard to get otherwise:
#
#     oracle/pyodide/install.sh FOLDER && export SRE_PYTHONS=FOLDER
#
# Fetches the eight versions of package.json from the npm registry, as package-lock.json pins them: 112 MB.
# Needs node 20 or later, and npm. Each becomes FOLDER/VERSION/bin/python3, which takes -I, -S and -c only.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 1; }
here=$(cd "$(dirname "$0")" && pwd)
for tool in node npm; do
  command -v "$tool" >/dev/null || { echo "$tool was not found; it comes with Node.js 20 or later" >&2; exit 1; }
done
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cp "$here/package.json" "$here/package-lock.json" "$here/python.mjs" "$folder/"
echo "fetching Pyodide from the npm registry to $folder" >&2
(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error)
for package in "$folder"/node_modules/pyodide-*; do
  version=${package##*/pyodide-}
  python=$folder/$version/bin/python3
  mkdir -p "${python%/*}"
  printf '#!/bin/sh\nSRE_PYODIDE_EXECUTABLE=%q exec node --no-warnings %q %s "$@"\n' \
    "$python" "$folder/python.mjs" "$version" >"$python"
  chmod +x "$python"
  echo "$python"
done
