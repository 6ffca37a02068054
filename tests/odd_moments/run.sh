#!/usr/bin/env bash
# Runs all tests with the wall clock at three odd moments, and the dated ones at seven more and with a clock that
# runs 40,000 times too fast, so that a midnight of Seoul falls into every test that lasts two seconds. Dated are
# the files that name no moment of their own, and those about clocks; of them what is not slow. Arguments go to
# pytest. PYTHON names another interpreter, MOMENTS other moments (one a line: zone of the machine, moment in Seoul,
# `all` or `dated`), FAST=no leaves out the last.
set -uo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-.venv/bin/python}
moments=${MOMENTS:-'
Asia/Seoul           2026-12-31 23:59:40 all
UTC                  2027-01-01 00:00:00 dated
America/New_York     2027-02-28 23:59:40 dated
Asia/Seoul           2027-03-01 09:30:00 dated
Pacific/Kiritimati   2028-02-29 12:00:00 all
Europe/London        2027-03-28 09:59:40 dated
America/Sao_Paulo    2027-11-07 03:00:00 dated
Asia/Seoul           2027-05-30 00:00:05 dated
Pacific/Pago_Pago    2027-12-30 08:59:40 all
Asia/Kathmandu       2038-01-19 12:14:00 dated'}
mapfile -t dated < <({
  grep -LE '\bNOW\b|\bnow=' tests/test_*.py tests/kit/test_*.py
  ls tests/test_{clock,testing,pytest_plugin,docs,console}.py tests/kit/test_{today,reach,baseline}.py
} | sort -u)
# London goes over to summer time at 10:00 in Seoul; 2038-01-19 12:14:07 there is the end of 32-bit time.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O1 -shared -fPIC -o "$work/clock.so" tests/odd_moments/clock.c -ldl || exit 2
failed=0

suite() {  # what, `all` or `dated`, settings of the clock...
  local what=$1 said=$work/said tests=()
  [ "$2" = all ] || tests=(-m "not slow" "${dated[@]}")
  shift 2
  if env "$@" LD_PRELOAD="$work/clock.so" "$python" -m pytest -q -n 2 -p no:cacheprovider \
      ${tests[@]+"${tests[@]}"} ${arguments[@]+"${arguments[@]}"} >"$said" 2>&1; then
    printf 'passed  %s  %s\n' "$what" "$(tail -n 1 "$said")"
  else
    printf 'FAILED  %s\n' "$what"
    grep -E '^(FAILED|ERROR|E  )|seed' "$said" || tail -n 20 "$said"
    failed=1
  fi
}

arguments=("$@")
while read -r zone day hour which; do
  [ -n "$zone" ] || continue
  shift=$(($(TZ=Asia/Seoul date -d "$day $hour" +%s) - $(date +%s)))
  suite "$day $hour in Seoul, the machine in $zone, $which" "$which" "CLOCK_SHIFT=$shift" "TZ=$zone"
done <<<"$moments"
if [ "${FAST:-yes}" = yes ]; then
  # These measure seconds of the wall clock itself; the web server and the browsers of the pages do too.
  fast='not (test_a_ticking_clock_runs or test_rate_limit or test_server_errors or test_refusals or asking_now_and_then)'
  arguments=(-k "$fast" "$@")
  suite "a clock that runs 40,000 times too fast" dated CLOCK_SPEED=40000 "CLOCK_BASE=$(date +%s)"
fi
exit $failed
