#!/bin/bash -eu
exec "$SRC/sre-compiler/fuzz/oss-fuzz/build.sh"
