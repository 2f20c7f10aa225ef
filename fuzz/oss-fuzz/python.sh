#!/bin/bash -eu
# Copies what the fuzz targets need of a CPython into a folder: its libpython, for `match` also its executable, and the
# modules that they load, some 60 of a few thousand files. `python.sh PYTHON FOLDER`
python=$1
folder=$2
rm -rf "$folder"
mkdir -p "$folder/lib"
oracle=$(cd "$(dirname "$0")/../../oracle/python" && pwd)
"$python" -I -S - "$folder" "$oracle" <<'PROGRAM'
import importlib, os, shutil, sys, sysconfig

folder, oracle = sys.argv[1:]
sys.path.insert(0, oracle)
# What the targets run, and the encodings that CPython looks for when it starts.
for name in ["oracle", "branches", "json", "resource", "signal", "encodings.ascii", "encodings.latin_1", "encodings.utf_8"]:
    importlib.import_module(name)
# What they import only when they run.
sys.modules["branches"].Branches()
prefix, needed = sys.base_prefix, set()
for module in list(sys.modules.values()):
    file = getattr(module, "__file__", None)
    if file and os.path.isfile(file) and not file.startswith(oracle):
        needed.add(file)
# How CPython knows its library.
needed.add(os.path.join(os.path.dirname(os.__file__), "os.py"))
for file in needed:
    to = os.path.join(folder, os.path.relpath(file, prefix))
    if to.startswith(folder + os.sep + ".."):
        raise SystemExit(f"{file} is not below {prefix}")
    os.makedirs(os.path.dirname(to), exist_ok=True)
    shutil.copy2(file, to)
name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
os.makedirs(os.path.join(folder, "lib", name, "lib-dynload"), exist_ok=True)
library = sysconfig.get_config_var("INSTSONAME")
shutil.copy2(os.path.join(sysconfig.get_config_var("LIBDIR"), library), os.path.join(folder, "lib", library))
os.makedirs(os.path.join(folder, "bin"), exist_ok=True)
shutil.copy2(os.path.realpath(sys.executable), os.path.join(folder, "bin", "python3"))
PROGRAM
patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$folder/bin/python3"
