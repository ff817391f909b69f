#!/bin/bash
# OpenSSH's own client against the lab, and values on their way into a real ksh, on a Debian system.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh

need ssh=openssh-client sftp=openssh-client ksh=ksh

exec node scripts/test.mjs --config .mocharc.debian.json "$@"
