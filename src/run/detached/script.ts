// The supervisor of long commands and the scripts around it, as text for a host's /bin/sh: ksh93 on Solaris, and any POSIX
// shell. Needs nothing installed. What each part of it promises stands in docs/decisions/detached-steps.md; nothing here
// sends anything.
import { BOOT_TIME, BY, NO, PLACE, REPORT } from './folder.ts';

/**
 * The file `run`: $1 its folder, $2 the boot time, $3 umask and $4 PATH of the login. Law: `by` is made in one act, with
 * the name of its maker in it, and by one of all who try; nothing has run before it, and the command runs after it. It is
 * looked for once more, since a folder that is being cleared away may have been moved under the hand that signs.
 */
const SUPERVISOR = `
d=$1
line=$(cat "$d/command") || exit
umask 077
: >>"$d/out" && : >>"$d/err" || exit
ln -s "$$@$2" "$d/by" && [ -h "$d/by" ] || exit 0
exec >/dev/null 2>&1
trap : INT QUIT TERM
/bin/sh -c 'kill -9 $$' >/dev/null 2>&1
base=$(($? - 9))
[ "$base" -ge 128 ] || base=128
own=$PATH
PATH=$4
umask "$3"
eval "$line" >>"$d/out" 2>>"$d/err"
code=$?
umask 077
PATH=$own
name=
[ "$code" -gt "$base" ] && [ "$code" -le $((base + 64)) ] && name=$(kill -l $((code - base)) 2>/dev/null)
if [ -n "$name" ]; then end="signalled $name"; else end="exited $code"; fi
until echo "$end" >"$d/status.new" && mv -f "$d/status.new" "$d/status"; do
[ -d "$d" ] || exit
sleep 5
done
`;

/** sudo may ask somebody else, who is far away, whether the password is right. */
const SUDO_SECONDS = 60;

/**
 * $1 run, $2 key, $3 the command line, $4 the supervisor, then as for `report`. Makes a folder that nobody ever made
 * before, and starts nothing. Of all folders of that key it names one: that which somebody has begun, or the first that
 * still can be; all others are shut. Two that prepare at once name the same one, since each makes its own before it looks.
 * Who clears away beside it may take the folder of the run, which is empty for a moment: then it is made again.
 */
const PREPARE = `
${PLACE}${BY}${BOOT_TIME}${REPORT}
own=$base/$1/$2.$(date -u +%Y%m%d%H%M%S)-$$
for try in 1 2 3; do
for d in "$base" "$base/$1"; do
[ -d "$d" ] || mkdir "$d"
[ ! -d "$d" ] || ours "$d" || no "$d belongs to somebody else"
done
mkdir "$own" && break
done
[ -d "$own" ] || exit ${NO}
printf '%s\\n' "$3" >"$own/command" || no "$own: is its disk full?"
printf '%s\\n' "$4" >"$own/run.new" && mv -f "$own/run.new" "$own/run" || no "$own: is its disk full?"
one=
for d in "$base/$1/$2".*/run; do
d=\${d%/run}
if [ -z "$one" ] && [ ! -h "$d/by" ]; then one=$d
else
shut "$d"
if signed "$d"; then [ -z "$one" ] || shut "$one"; one=$d; fi
fi
done
d=\${one:-$own}
report "$5" "$6" "$7"
`;

/**
 * $1 run, $2 folder, then as for `report`; $6 what sudo says when it has read its password, which may be on its way
 * still: the line stays until then. Never makes a folder: where there is none any more, or a shut one, it does nothing.
 * May be done again and again, and by several at once. The supervisor's output is a pipe that it closes once it has
 * signed (or died): that is what is waited for. A line that was held up until nobody listens any more starts nothing: its
 * first word kills it.
 */
const BEGIN = `
was=$PATH
${PLACE}${BY}${BOOT_TIME}${REPORT}
d=$base/$1/$2
if [ -f "$d/run" ] && [ ! -h "$d/by" ]; then
boot=$(boottime)
exec 3<&0
echo begins || exit ${NO}
{ nohup /bin/sh "$d/run" "$d" "$boot" "$mask" "$was" <&3 3<&- 2>&1 & } | cat >&2
w=${SUDO_SECONDS}
while [ -n "$6" ] && [ "$w" -gt 0 ] && alive && ! grep -F "$6" "$d/err" >/dev/null 2>&1; do
sleep 1
w=$((w - 1))
done
fi
report "$3" "$4" "$5"
`;

/** $1 run, $2 folder, $3 and $4 offsets, $5 most bytes of each, $6 seconds to wait for news. */
const LOOK = `
${PLACE}${BY}${BOOT_TIME}${REPORT}
d=$base/$1/$2
grown() { [ "$2" -ge 0 ] && [ "$(($(wc -c <"$d/$1")))" -gt "$2" ]; }
w=$6
if alive; then
while [ "$w" -gt 0 ] && [ ! -f "$d/status" ] && kill -0 "$pid" 2>/dev/null; do
if grown out "$3" || grown err "$4"; then break; fi
sleep 1
w=$((w - 1))
done
fi
report "$3" "$4" "$5"
`;

/** $1 run, $2 beginning of the keys. Shuts what nobody has begun, and names the folders of what somebody has. */
const INHERIT = `
${PLACE}${BY}
for d in "$base/$1/$2"*; do
if [ -d "$d" ]; then shut "$d"; if signed "$d"; then echo "left \${d##*/}"; fi; fi
done
echo end
`;

/**
 * $1 run, then beginnings of keys. A command that is still at work keeps its folder; what is older than a month goes,
 * whoever's run it was. Shut first, then out of everybody's way in one act: nobody can sign while its content goes.
 */
const FORGET = `
${PLACE}${BY}
run=$1
shift
sweep() {
[ -d "$d" ] || return
shut "$d"
if [ -f "$d/status" ] || ! alive; then mv "$d" "\${d%/*}/gone-\${d##*/}" && rm -rf "\${d%/*}/gone-\${d##*/}"; fi
}
for key in "$@"; do
for d in "$base/$run/$key"*; do
sweep
done
done
rmdir "$base/$run" 2>/dev/null
cd "$base" || exit 0
for old in $(find . ! -name . -prune -type d -mtime +30 -print); do
for d in "$base/\${old#./}"/*; do
sweep
done
rmdir "$base/\${old#./}" 2>/dev/null
done
cd /
rmdir "$base" 2>/dev/null
exit 0
`;

/** One line of it: csh, as a login shell, takes no line end between quotes. */
function inOneLine(script: string): string {
  const lines = script.split('\n').map(line => line.trim());
  return lines
    .filter(line => line !== '')
    .reduce(
      (text, line) =>
        /(?:^|\s|;)(?:do|then|else|in|\{|;;)$/.test(text) || text === '' ? `${text} ${line}` : `${text}; ${line}`,
      '',
    )
    .trim();
}

export const SCRIPTS = {
  begin: inOneLine(BEGIN),
  forget: inOneLine(FORGET),
  inherit: inOneLine(INHERIT),
  look: inOneLine(LOOK),
  prepare: inOneLine(PREPARE),
  supervisor: inOneLine(SUPERVISOR),
} as const;
