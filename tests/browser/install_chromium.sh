#!/bin/sh
# Make sure that there is a Chromium and a Korean font for the browser tests.
set -eu
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if command -v chromium-headless-shell >/dev/null || [ -n "${CHROMIUM:-}" ]; then
  exit 0  # a quarter less work than a Chromium with its windows, which are never seen
fi
if command -v apt-get >/dev/null; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell fonts-noto-cjk
elif ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
  echo "Install Chromium, or set CHROMIUM to the path of one, then run the tests again." >&2
  exit 1
fi
