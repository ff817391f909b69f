// The supervisor of long commands, as text for a host's /bin/sh: ksh93 on Solaris, and any POSIX shell. Needs nothing
// installed. What each part of it promises stands in docs/decisions/detached-steps.md; nothing here sends anything.
//
// A command has a folder BASE/RUN/KEY.MADE of mode 0700: `command` and `run` are written when it is made, `out` and `err`
// grow, `by` says who runs it, `status` is there, whole, when it is over.

/** The exit status of a script that refuses, and has touched nothing. */
export const NO = 3;

// Where it is: /var/share is one for all boot environments and outlives a reboot. Who may not write there takes
// /var/tmp, which on Solaris 11.4 lies in the same dataset; there anybody could have laid out the folder before us, and
// nothing in such a one is believed, written or cleared away.
const PLACE = `
PATH=/usr/xpg4/bin:/usr/bin:/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
mask=$(umask)
umask 077
no() {
echo "$1" >&2
exit ${NO}
}
ours() { [ ! -h "$1" ] && [ -O "$1" ]; }
if [ -w /var/share ]; then base=/var/share/zoneferry
else
uid=$(id -u 2>/dev/null)
case $uid in
''|*[!0-9]*) no 'id -u names no user there' ;;
esac
base=/var/tmp/zoneferry-$uid
fi
if [ -h "$base" ] || [ -e "$base" ]; then ours "$base" || no "$base belongs to somebody else"; fi
`;

// `by` is a link that is made once and never again, by a process that runs the command or by `shut`: then nobody will.
// Processes get used numbers again: it is ours only if its arguments name this folder. ps may cut them at 80 characters,
// so the name counts up to its key; one that an earlier build made has nothing behind that.
const BY = `
shut() { ln -s nobody "$1/by" 2>/dev/null; }
signed() {
case $(ls -ld "$1/by" 2>/dev/null) in
*'-> '[0-9]*) return 0 ;;
esac
return 1
}
alive() {
signed "$d" || return 1
by=$(ls -ld "$d/by" 2>/dev/null) || return 1
by=\${by##*-> }
pid=\${by%%@*}
boot=\${by#*@}
kill -0 "$pid" 2>/dev/null || return 1
case $(ps -o args= -p "$pid" 2>/dev/null) in
*"\${d%.*}"[./]*) return 0 ;;
esac
return 1
}
`;

const BOOT_TIME = `
boottime() {
set -- $(kstat -p unix:0:system_misc:boot_time 2>/dev/null)
if [ -n "$2" ]; then echo "$2"; else who -b 2>/dev/null | tr -cd 0-9A-Za-z; fi
}
`;

// A status that waits to be renamed: what it stands for is over, and the disk takes no word of it for now.
// It has signed or not first, is dead or alive next, and over or not after that: who signs in between is at work, and who
// dies in between has written its status.
const REPORT = `
dump() {
size=0
[ -f "$d/$1" ] && size=$(($(wc -c <"$d/$1")))
echo "$1 $size"
if [ "$2" -ge 0 ] && [ "$size" -gt "$2" ]; then od -A n -v -t x1 -j "$2" -N "$3" "$d/$1"; fi
}
report() {
state=none
[ -f "$d/run" ] && state=prepared
if signed "$d"; then
if alive; then state=running; [ -f "$d/status.new" ] && state=unwritten
else state="gone $boot $(boottime)"; fi
elif [ -h "$d/by" ] && ! signed "$d"; then state=shut; fi
[ -s "$d/status" ] && state=$(cat "$d/status")
echo "detached \${d##*/} $state"
dump out "$1" "$3"
dump err "$2" "$3"
echo end
}
`;

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
