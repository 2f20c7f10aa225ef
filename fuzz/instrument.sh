#!/bin/sh
# What cargo runs instead of rustc (RUSTC_WRAPPER) in a build for libFuzzer: of all crates, only the compiler is instrumented.
# Its coverage is what guides the search. That of other crates costs an eighth of the time of an input, and leads nowhere.
rustc=$1
shift
case " $* " in
*" --crate-name sre_compiler "*) exec "$rustc" "$@" ;;
esac
left=$#
while [ "$left" -gt 0 ]; do
  argument=$1
  shift
  left=$((left - 1))
  [ "$argument" = -Cpasses=sancov-module ] || set -- "$@" "$argument"
done
exec "$rustc" "$@"
