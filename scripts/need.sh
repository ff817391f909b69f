# Sourced by the suites that need Debian packages. `need COMMAND=PACKAGE ...` installs the packages whose command is
# missing; no system service is started by that, and one that runs is left alone.
need() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "these tests need ${missing[*]}; install them, or run this as root on Debian" >&2
    exit 1
  fi
  local policy=/usr/sbin/policy-rc.d own_policy=false status=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    own_policy=true
  fi
  echo "installing ${missing[*]} ..." >&2
  {
    apt-get update &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >/dev/null || status=$?
  if $own_policy; then rm -f "$policy"; fi
  return "$status"
}
