#!/usr/bin/env bash
# get-wasm.sh DEST
#
# Unpacks a Rust that can build for wasm32-unknown-unknown from Debian packages, for machines whose rustup
# cannot add that target. Prints the settings for cargo, one NAME=VALUE a line:
#   RUSTC=DEST/bin/rustc                    Debian's compiler (rustc-web), with its own LLVM
#   RUSTC_BOOTSTRAP=1                       for -Zbuild-std: the standard library is built from its source
#   CARGO_TARGET_…_LINKER=…/rust-lld        the linker that rustup's toolchain has
#
# The packages are unpacked, not installed: they conflict with rustup. Nothing is written outside of DEST,
# and root is not needed. About 140 MB are downloaded, and 500 MB unpacked. A DEST that works is left alone.
set -euo pipefail
export LC_ALL=C

die() { echo "get-wasm: error: $*" >&2; exit 1; }
[ $# -eq 1 ] && [ -n "$1" ] || die "usage: $0 DEST"
for tool in apt-get apt-cache dpkg-deb rustc tar; do
  command -v "$tool" >/dev/null || die "$tool is missing; with rustup: rustup target add wasm32-unknown-unknown"
done
mkdir -p "$1"; dest=$(cd "$1" && pwd -P)
exec 9>"$dest/.lock"
if command -v flock >/dev/null; then flock -w 900 9 || die "another get-wasm.sh holds $dest"; fi

linker=$(find "$(rustc --print sysroot)/lib/rustlib" -name rust-lld -type f | head -n 1)
[ -n "$linker" ] || die "no rust-lld in the sysroot of $(command -v rustc); install Rust with rustup"

works() { "$dest/bin/rustc" --version >/dev/null 2>&1 && [ -d "$dest/root/usr/lib/rustlib/src/rust/library/std" ] && [ -e "$dest/done" ]; }

work=
trap 'rm -rf "$work"' EXIT
install() {
  local library llvm file
  library=$(apt-cache depends rustc-web libstd-rust-web-dev 2>/dev/null | grep -o 'libstd-rust-web-[0-9][0-9.]*' | sort -V | tail -n 1)
  [ -n "$library" ] || die "apt knows no rustc-web; apt-get update, or rustup target add wasm32-unknown-unknown"
  llvm=$(apt-cache depends "$library" | grep -o 'libllvm[0-9]*' | sort -V | tail -n 1)
  work=$(mktemp -d "$dest/.packages.XXXXXX")
  # libstd-rust-web-dev is for build scripts and procedural macros, which run on this machine.
  (cd "$work" && apt-get download -qq rustc-web rust-web-src libstd-rust-web-dev "$library" ${llvm:+"$llvm"} >&2) ||
    die "cannot download the packages; apt-get update, or rustup target add wasm32-unknown-unknown"
  rm -rf "$dest/root" "$dest/bin" "$dest/done"; mkdir -p "$dest/root" "$dest/bin"
  for file in "$work"/*.deb; do
    case $file in
      # Only the standard library: the package has the source of the compiler, too.
      */rust-web-src_*) dpkg-deb --fsys-tarfile "$file" | tar x -C "$dest/root" --wildcards './usr/src/rustc-*/library/*' './usr/lib/rustlib/*' ;;
      *) dpkg-deb -x "$file" "$dest/root" ;;
    esac
  done
  local libraries; libraries=$(dirname "$(find "$dest/root/usr/lib" -name 'librustc_driver-*.so' | head -n 1)")
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%q${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} exec %q "$@"\n' \
    "$libraries" "$dest/root/usr/bin/rustc" >"$dest/bin/rustc"
  chmod +x "$dest/bin/rustc"
  touch "$dest/done"
}

works || { echo "get-wasm: downloading about 140 MB" >&2; install; }
works || die "the compiler in $dest does not run: $("$dest/bin/rustc" --version 2>&1 | head -n 1)"
echo "RUSTC=$dest/bin/rustc"
echo "RUSTC_BOOTSTRAP=1"
echo "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker"
