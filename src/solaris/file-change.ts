// Changing what lies at a path, with the rights of the task. A file is replaced whole or not at all: its new content is
// made in a file of its own beside it, which nobody else can have prepared, and renamed over the old one.
import { type Command, ok } from '../model/command.ts';
import { type FileLook, LOOK_AFTERWARDS, lookedAfterwards } from './file-look.ts';
import { change, done, succeeded } from './reading.ts';

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Unlike any other, so that two runs never meet; the same when it is done again. */
  readonly mark: string;
  /** null: that of the old file. */
  readonly mode: number | null;
  /** `user:group` in names or numbers; empty: whoever writes it. */
  readonly owner: string;
  /** A path that gets the old content first, unless it was made before; empty: none. */
  readonly backup: string;
  /** Words of a program that must accept the new file before it counts; `%s` is the file. Empty: none is asked. */
  readonly validate: readonly string[];
}

// cp -p brings access control lists along, which only a file that was copied has. The size is compared since a cut
// connection looks like the end of the content. -C makes a file that isn't there yet or fails, but takes what is no
// ordinary file for what it is: that is looked at before anything is written. Each program costs the host more than
// all the rest, so none is started that may have nothing to do.
const WRITE = `PATH=/usr/bin:/bin
umask 077
p=$1 t=$2 size=$3 mode=$4 owner=$5 backup=$6 asked=$7 most=$8
shift 8
no() { echo "$*" >&2; exit 1; }
owned() { set -- $(ls -ldn "$1"); echo "$3:$4"; }
[ ! -d "$p" ] || no "$p is a directory"
is() { [ -e "$1" ] || [ -h "$1" ]; }
if is "$t"; then rm -rf "$t"; fi
set -C
: > "$t" || exit
set +C
{ [ -f "$t" ] && [ ! -h "$t" ]; } || no "somebody was faster at $t"
trap 'if is "$t"; then rm -f "$t"; fi; if is "$t.old"; then rm -f "$t.old"; fi' EXIT
if [ -f "$p" ]; then cp -p "$p" "$t" || exit; fi
[ -z "$mode" ] || chmod 600 "$t" || exit
cat > "$t" || exit
[ "$(wc -c < "$t")" -eq "$size" ] || no "only a part of the content arrived"
[ -z "$owner" ] || [ "$(owned "$t")" = "$owner" ] || chown "$owner" "$t" || exit
[ -z "$mode" ] || chmod "$mode" "$t" || exit
if [ $# -gt 0 ]; then
  n=$#
  while [ $n -gt 0 ]; do
    w=$1
    shift
    case $w in *%s*) w=\${w%%%s*}$t\${w#*%s} ;; esac
    set -- "$@" "$w"
    n=$((n - 1))
  done
  "$@" >&2 || no "validate: the new content was refused with status $?"
fi
if [ -n "$backup" ] && [ ! -e "$backup" ]; then
  if is "$t.old"; then rm -rf "$t.old"; fi
  cp -p "$p" "$t.old" && mv "$t.old" "$backup" || exit
fi
mv -f "$t" "$p" || exit
[ -n "$asked" ] || exit 0
${LOOK_AFTERWARDS}`;

export function write(file: NewFile): Command<string> {
  return { ...writing(file, '', 0), read: done };
}

/** And what then lies at the path as it was asked for, links followed: a round trip less. null: it can't be read. */
export function writeAndLook(file: NewFile, asked: string, mostBytes: number): Command<FileLook | null> {
  return {
    ...writing(file, asked, mostBytes),
    read: ended => {
      const end = succeeded(ended);
      return end.is === 'ok' ? ok(lookedAfterwards(end.value.out)) : end;
    },
  };
}

function writing(file: NewFile, asked: string, mostBytes: number): Command<string> {
  const slash = file.path.lastIndexOf('/') + 1;
  const beside = `${file.path.slice(0, slash)}.zoneferry-${file.mark}`;
  const mode = file.mode === null ? '' : octal(file.mode);
  const given = [file.path, beside, String(file.bytes.length), mode, file.owner, file.backup, asked, String(mostBytes)];
  return { ...change(['/bin/sh', '-c', WRITE, 'sh', ...given, ...file.validate], done), stdin: file.bytes };
}

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** `file`: whatever `rm` takes, a link too; `empty`: a folder that must still be so; `whole`: one with what is in it. */
export type Removal = 'file' | 'empty' | 'whole';

const REMOVERS: Readonly<Record<Removal, readonly string[]>> = {
  file: ['/usr/bin/rm', '-f'],
  empty: ['/usr/bin/rmdir'],
  whole: ['/usr/bin/rm', '-rf'],
};

export function remove(path: string, what: Removal): Command<string> {
  return change([...REMOVERS[what], path], done);
}

// What somebody else put into one of them stays, and so do those above it.
const REMOVE_FOLDERS = `PATH=/usr/bin:/bin
for d; do
  rmdir "$d" 2>/dev/null && continue
  [ -d "$d" ] && [ -n "$(ls -A "$d")" ] && exit 0
  rmdir "$d" || exit
done`;

/** Innermost first. */
export function removeFolders(paths: readonly string[]): Command<string> {
  return change(['/bin/sh', '-c', REMOVE_FOLDERS, 'sh', ...paths], done);
}

const MAKE_FOLDERS = `PATH=/usr/bin:/bin
umask 022
owner=$1 mode=$2
shift 2
for d; do
  [ -d "$d" ] || mkdir "$d" || exit
  [ -z "$owner" ] || chown "$owner" "$d" || exit
  [ -z "$mode" ] || chmod "$mode" "$d" || exit
done`;

/** Outermost first. */
export function makeFolders(paths: readonly string[], owner: string, mode: number | null): Command<string> {
  const given = [owner, mode === null ? '' : octal(mode), ...paths];
  return change(['/bin/sh', '-c', MAKE_FOLDERS, 'sh', ...given], done);
}

/** An empty file, unless somebody was faster. */
export function makeEmpty(path: string, owner: string, mode: number): Command<string> {
  const script = `PATH=/usr/bin:/bin
umask 077
[ -e "$1" ] || : > "$1" || exit
[ -z "$2" ] || chown "$2" "$1" || exit
chmod "$3" "$1"`;
  return change(['/bin/sh', '-c', script, 'sh', path, owner, octal(mode)], done);
}

export interface NewLink {
  readonly path: string;
  readonly target: string;
  readonly hard: boolean;
}

// Not over the old one: a link to a folder would be taken for the folder.
const LINK = `PATH=/usr/bin:/bin
[ "$4" = no ] || rm -f "$2" || exit
if [ "$3" = hard ]; then ln "$1" "$2"; else ln -s "$1" "$2"; fi`;

export function makeLink({ path, target, hard }: NewLink, { replace }: { readonly replace: boolean }): Command<string> {
  const given = [target, path, hard ? 'hard' : 'soft', replace ? 'yes' : 'no'];
  return change(['/bin/sh', '-c', LINK, 'sh', ...given], done);
}

/** Of what lies there, not of what a link leads to. Owner first: giving a file away takes its set-ID bits. */
export function setAttributes(path: string, owner: string, mode: number | null): Command<string> {
  const script = `PATH=/usr/bin:/bin
[ -z "$2" ] || chown -h "$2" "$1" || exit
[ -z "$3" ] || chmod "$3" "$1"`;
  return change(['/bin/sh', '-c', script, 'sh', path, owner, mode === null ? '' : octal(mode)], done);
}
