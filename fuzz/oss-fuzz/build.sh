#!/bin/bash -eu
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite do, into $OUT: each target with its dictionary, options and
# seeds, and the interpreter, which the machines that fuzz do not have. Everything in $OUT is found from the program's own
# place, since it is moved. Run by their images as $SRC/build.sh, and by `cargo xtask oss-fuzz`.
cd "${SRC:?}/sre-compiler"
: "${OUT:?}"
python=${PYO3_PYTHON:-python3}
if [ -n "${CPYTHON:-}" ]; then
  python=$(uv python find "$CPYTHON")
fi
export PYO3_PYTHON=$python

# cargo-fuzz sets the flags for the sanitizer itself; those of the image are for `cargo build`. For a coverage build the
# image's own are used.
flags=(--release)
if [ "${SANITIZER:-address}" = coverage ]; then
  flags+=(--sanitizer none)
else
  unset RUSTFLAGS
  flags+=(--sanitizer "${SANITIZER:-address}")
fi
cargo fuzz build "${flags[@]}" ${CARGO_FUZZ_TARGET_DIR:+--target-dir "$CARGO_FUZZ_TARGET_DIR"}
built=${CARGO_FUZZ_TARGET_DIR:-fuzz/target}/x86_64-unknown-linux-gnu/release
[ -d "$built" ] || built=target/x86_64-unknown-linux-gnu/release

fuzz/oss-fuzz/python.sh "$python" "$OUT/python"

# All cases in one folder, by the names of their folders.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/seeds"
find corpus/seeds corpus/regressions -name '*.case' | while read -r file; do
  cp "$file" "$work/seeds/${file//\//-}"
done
seeds=$work/seeds.zip
(cd "$work/seeds" && zip -q -r "$seeds" .)

for file in fuzz/fuzz_targets/*.rs; do
  target=$(basename "$file" .rs)
  cp "$built/$target" "$OUT/"
  patchelf --force-rpath --set-rpath '$ORIGIN/python/lib' "$OUT/$target"
  cp fuzz/dictionary.txt "$OUT/$target.dict"
  printf '[libfuzzer]\nmax_len = 4096\ntimeout = 25\n\n[asan]\ndetect_leaks = 1\n' >"$OUT/$target.options"
  cp "$seeds" "$OUT/${target}_seed_corpus.zip"
done
