#!/usr/bin/env bash
# Installs both commands into a virtual environment of their own, so that the job's Python stays as it is.
#   PYTHON   the interpreter to make it with
#   PACKAGE  what to install, such as a wheel; empty: the source around this file and its locked dependencies
# Writes bin=FOLDER to $GITHUB_OUTPUT: where the commands are.
set -euo pipefail

source=$(cd "$(dirname "$0")/../.." && pwd)
venv=$RUNNER_TEMP/happytalk-mock

"$PYTHON" -m venv --without-pip "$venv" # the interpreter's own pip fills it, which is faster
bin=$venv/bin
if [ ! -d "$bin" ]; then
  bin=$venv/Scripts # Windows
fi

install() {
  "$PYTHON" -m pip --python "$venv" install --quiet --disable-pip-version-check "$@"
}
if [ -n "$PACKAGE" ]; then
  install "$PACKAGE"
else
  install --require-hashes -r "$source/requirements.lock"
  install --no-deps --no-build-isolation "$source"
fi
echo "bin=$bin" >>"$GITHUB_OUTPUT"
