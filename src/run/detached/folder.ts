// The folder of a long command on its host, as functions for a host's /bin/sh: where it lies, who has signed in it, when
// the host booted, what it tells. The scripts that are made of them stand in script.ts.
//
// BASE/RUN/KEY.MADE, of mode 0700: `command` and `run` are written when it is made, `out` and `err` grow, `by` says who
// runs it, `status` is there, whole, when it is over.

/** The exit status of a script that refuses, and has touched nothing. */
export const NO = 3;

// Where it is: /var/share is one for all boot environments and outlives a reboot. Who may not write there takes
// /var/tmp, which on Solaris 11.4 lies in the same dataset; there anybody could have laid out the folder before us, and
// nothing in such a one is believed, written or cleared away.
export const PLACE = `
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
export const BY = `
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

export const BOOT_TIME = `
boottime() {
set -- $(kstat -p unix:0:system_misc:boot_time 2>/dev/null)
if [ -n "$2" ]; then echo "$2"; else who -b 2>/dev/null | tr -cd 0-9A-Za-z; fi
}
`;

// A status that waits to be renamed: what it stands for is over, and the disk takes no word of it for now.
// It has signed or not first, is dead or alive next, and over or not after that: who signs in between is at work, and who
// dies in between has written its status.
export const REPORT = `
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
