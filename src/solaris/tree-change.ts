// Many files and folders in one command: their contents come in one stream, each is made in a folder of its own beside its
// place, which nobody else may enter, and when all of them have arrived whole each is renamed over what was there. One
// program does it for all files of a folder wherever there is one that can. At its end the same command looks at it all.
import { posix } from 'node:path';
import { type Command, ok, unreadable } from '../model/command.ts';
import type { FileLook } from './file-look.ts';
import { change, done, privilegedLook, succeeded } from './reading.ts';
import { octal } from './file-change.ts';
import { readTree, TREE_LOOK, type TreeWish, treeWords } from './tree-look.ts';

/** A folder that is to be there, or something that is there and gets another mode or owner. */
export interface Place {
  readonly path: string;
  /** Made when it isn't there. */
  readonly make: boolean;
  /** null: as it is, or 0755 of a new folder. */
  readonly mode: number | null;
  /** As chown takes it; empty: as it is. */
  readonly owner: string;
}

export interface TreeFile {
  /** Behind links. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** What is there keeps its access control lists. */
  readonly replaces: boolean;
  /** null: that of the old file; of a new one 0644, or what its folder hands down. */
  readonly mode: number | null;
  readonly owner: string;
}

export interface Tree {
  /** Unlike any other, so that two runs never meet; the same when it is done again. */
  readonly mark: string;
  /** Outermost first. */
  readonly places: readonly Place[];
  readonly files: readonly TreeFile[];
  /** What is looked at when all is done; null: nothing. */
  readonly look: TreeWish | null;
}

// The words are: how many belong to the look, these, the mark, how many sets of places, each set (umask of what is to be
// made, mode, owner, how many, paths), then sets of files (folder, whether they replace, umask, mode, owner, how many; and of
// each file name, size and digest). The contents lie on standard input without anything between: a copy of it is a file, of
// which dd takes each its bytes and no more. cp -p brings access control lists along. A sum that isn't there says that the
// stream was cut, or the disk is bad: nothing has been renamed then.
const WRITE = `PATH=/usr/bin:/bin
looks=$1
shift
no() { echo "$*" >&2; exit 1; }
is() { [ -e "$1" ] || [ -h "$1" ]; }
if command -v digest >/dev/null 2>&1; then sum='digest -a sha256'
elif command -v sha256sum >/dev/null 2>&1; then sum=sha256sum
else sum=; fi
absent() {
  n=$#
  while [ $n -gt 0 ]; do
    p=$1
    shift
    n=$((n - 1))
    [ -d "$p" ] || set -- "$@" "$p"
  done
  [ $# -gt 0 ] || return 0
  umask $mask
  mkdir "$@" || exit
}
lay() {
  rest=$(($# - count)) n=$count
  while [ $n -gt 0 ]; do
    set -- "$@" "$1"
    shift
    n=$((n - 1))
  done
  shift $rest
  if [ -n "$mask" ]; then
    absent "$@"
    [ -z "$owner" ] || chown "$owner" "$@" || exit
  else
    [ -z "$owner" ] || chown -h "$owner" "$@" || exit
  fi
  [ -z "$mode" ] || chmod "$mode" "$@" || exit
}
each() {
  act=$1 g=0
  shift
  while [ $# -gt 0 ]; do
    dir=$1 old=$2 mask=$3 mode=$4 owner=$5 count=$6 g=$((g + 1))
    t=$dir/.zoneferry-$mark.$g
    shift 6
    $act "$@" || exit
    shift $((count * 3))
  done
}
drop() {
  for t in "$dir/.zoneferry-$mark".*; do
    if is "$t"; then rm -rf "$t"; fi
  done
}
olds() {
  rest=$(($# - count * 3)) n=$count
  while [ $n -gt 0 ]; do
    p=$dir/$1
    shift 3
    n=$((n - 1))
    if [ -f "$p" ]; then set -- "$@" "$p"; fi
  done
  shift $rest
  [ $# -eq 0 ] || cp -p "$@" "$t/"
}
take() {
  [ $size -lt 1048576 ] || dd bs=1048576 count=$((size / 1048576)) || return
  [ $((size % 1048576)) -eq 0 ] || dd bs=$((size % 1048576)) count=1
}
whole() {
  if [ -z "$sum" ]; then
    for f; do
      set -- $sizes
      size=$1
      shift
      sizes=$*
      [ "$(wc -c < "$f")" -eq "$size" ] || no "only a part of the content arrived"
    done
    return 0
  fi
  said=$($sum "$@") || exit
  set -f
  set -- $sums
  for w in $said; do
    [ $# -eq 0 ] || case $w in "$1" | "\\\\$1") shift ;; esac
  done
  set +f
  [ $# -eq 0 ] || no "only a part of the content arrived"
}
prepare() {
  umask 077
  mkdir "$t" || exit
  if [ $g -eq 1 ]; then
    stream=$t/.zoneferry-$mark
    cat > "$stream" && exec 3< "$stream" || exit
  fi
  [ -z "$old" ] || olds "$@" || exit
  rest=$(($# - count * 3)) n=$count sums= sizes=
  umask $mask
  while [ $n -gt 0 ]; do
    f=$t/$1 size=$2 sums="$sums $3" sizes="$sizes $2"
    shift 3
    n=$((n - 1))
    [ ! -e "$f" ] || [ -w "$f" ] || chmod 600 "$f" || exit
    take <&3 > "$f" 2> "$stream.said" || { cat "$stream.said" >&2; exit 1; }
    set -- "$@" "$f"
  done
  shift $rest
  whole "$@"
  [ -z "$owner" ] || chown "$owner" "$@" || exit
  [ -z "$mode" ] || chmod "$mode" "$@" || exit
}
settle() {
  rest=$(($# - count * 3)) n=$count
  while [ $n -gt 0 ]; do
    [ ! -d "$dir/$1" ] || no "$dir/$1 is a directory"
    f=$t/$1
    shift 3
    n=$((n - 1))
    set -- "$@" "$f"
  done
  shift $rest
  mv -f "$@" "$dir/" && rm -rf "$t"
}
work() {
  how=$1
  shift $((looks + 1))
  mark=$1 sets=$2
  shift 2
  while [ $sets -gt 0 ]; do
    mask=$1 mode=$2 owner=$3 count=$4
    shift 4
    [ $how = drop ] || lay "$@"
    shift $count
    sets=$((sets - 1))
  done
  each drop "$@"
  [ $how = settle ] || return 0
  each prepare "$@"
  each settle "$@"
}
(work settle "$@") || { status=$?; work drop "$@"; exit $status; }
[ $looks -gt 0 ] || exit 0
n=$#
while [ $n -gt 0 ]; do
  [ $looks -le 0 ] || set -- "$@" "$1"
  shift
  looks=$((looks - 1)) n=$((n - 1))
done
(
${TREE_LOOK}
)
exit 0`;

/** null: nothing was looked at, or it can't be read and has to be asked for by itself. */
export function writeTree(tree: Tree): Command<readonly FileLook[] | null> {
  const { look, mark } = tree;
  const places = sets(tree.places, one => JSON.stringify([one.make, one.mode, one.owner]));
  const files = groups(tree.files);
  const words = [
    ...[look === null ? '0' : String(treeWords(look).length), ...(look === null ? [] : treeWords(look))],
    ...[mark, String(places.length), ...places.flatMap(wordsOfPlaces)],
    ...files.flatMap(wordsOfFiles),
  ];
  return {
    ...change(['/bin/sh', '-c', WRITE, 'sh', ...words], done),
    stdin: Buffer.concat(files.flat().map(({ bytes }) => bytes)),
    read: ended => {
      const end = succeeded(ended);
      if (end.is !== 'ok') return end;
      const seen = look === null ? null : readTree(look, end.value.out);
      return ok(seen?.is === 'ok' ? seen.value : null);
    },
  };
}

/** Neighbours that are alike, in their order. */
function sets<T>(all: readonly T[], likeness: (one: T) => string): readonly (readonly [T, ...T[]])[] {
  const found: [T, ...T[]][] = [];
  for (const one of all) {
    const last = found.at(-1);
    if (last !== undefined && likeness(last[0]) === likeness(one)) last.push(one);
    else found.push([one]);
  }
  return found;
}

function wordsOfPlaces(places: readonly [Place, ...Place[]]): readonly string[] {
  const [{ make, mode, owner }] = places;
  const mask = make ? octal(0o777 & ~(mode ?? 0o755)) : '';
  return [mask, mode === null ? '' : octal(mode), owner, String(places.length), ...places.map(({ path }) => path)];
}

interface Kin {
  readonly folder: string;
  readonly mask: string;
  readonly mode: string;
}

function kinOf({ path, mode }: TreeFile): Kin {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return mode === null ? { folder, mask: '0022', mode: '' } : { folder, mask: '0077', mode: octal(mode) };
}

/** Files of one folder that are to be alike, wherever they stand in the list. */
function groups(files: readonly TreeFile[]): readonly (readonly [TreeFile, ...TreeFile[]])[] {
  const found = new Map<string, [TreeFile, ...TreeFile[]]>();
  for (const one of files) {
    const key = JSON.stringify([kinOf(one), one.replaces, one.owner]);
    const kin = found.get(key);
    if (kin === undefined) found.set(key, [one]);
    else kin.push(one);
  }
  return [...found.values()];
}

function wordsOfFiles(files: readonly [TreeFile, ...TreeFile[]]): readonly string[] {
  const [first] = files;
  const { folder, mask, mode } = kinOf(first);
  return [
    ...[folder, first.replaces ? 'yes' : '', mask, mode, first.owner, String(files.length)],
    ...files.flatMap(({ path, bytes, sha256 }) => [posix.basename(path), String(bytes.length), sha256]),
  ];
}

const REMOVE = `PATH=/usr/bin:/bin
rm -f "$@"`;

/** Whatever `rm` takes, and what isn't there. */
export function removeAll(paths: readonly string[]): Command<string> {
  return change(['/bin/sh', '-c', REMOVE, 'sh', ...paths], done);
}

// Only what a glob can tell is asked, so no program is started. e: nothing is in it but what we left there; l: and something is.
const LEFT = `PATH=/usr/bin:/bin
mark=$1 said=
shift
for d; do
  kind=gone ours=
  if [ -d "$d" ]; then
    kind=empty
    [ -r "$d" ] || kind=full
    for f in "$d"/* "$d"/.[!.]* "$d"/..?*; do
      if [ -e "$f" ] || [ -h "$f" ]; then
        case $f in
          "$d/.zoneferry-$mark".*) ours=-left ;;
          *) kind=full ;;
        esac
      fi
    done
  fi
  said="$said $kind$ours"
done
echo "folders$said"`;

export interface Inside {
  readonly is: 'gone' | 'empty' | 'full';
  /** A writing that was broken off has left something there. */
  readonly isLittered: boolean;
}

/** What is in each of these folders, beside what a writing of this mark has left there. */
export function lookInside(mark: string, folders: readonly string[]): Command<readonly Inside[]> {
  return privilegedLook(['/bin/sh', '-c', LEFT, 'sh', mark, ...folders], ended => {
    const end = succeeded(ended);
    if (end.is !== 'ok') return end;
    const [word, ...told] = end.value.out.trimEnd().split(' ');
    const inside = told.flatMap(one => {
      const [, is, left] = /^(gone|empty|full)(-left)?$/.exec(one) ?? [];
      return is === 'gone' || is === 'empty' || is === 'full' ? [{ is, isLittered: left !== undefined } as const] : [];
    });
    if (word === 'folders' && inside.length === folders.length) return ok(inside);
    return unreadable(end.value.out, 'no word for each folder');
  });
}

const TIDY = `PATH=/usr/bin:/bin
mark=$1
shift
for d; do
  for t in "$d/.zoneferry-$mark".*; do
    if [ -e "$t" ] || [ -h "$t" ]; then rm -rf "$t"; fi
  done
done`;

// What somebody else put into one of them stays, and so do those above it.
const REMOVE_EMPTY = `PATH=/usr/bin:/bin
for d; do
  [ -d "$d" ] || continue
  rmdir "$d" 2>/dev/null && continue
  [ -z "$(ls -A "$d")" ] || continue
  rmdir "$d" || exit
done`;

/** Those that hold nothing; innermost first. */
export function removeEmpty(folders: readonly string[]): Command<string> {
  return change(['/bin/sh', '-c', REMOVE_EMPTY, 'sh', ...folders], done);
}

/** Takes away what a writing of this mark left in these folders. */
export function tidy(mark: string, folders: readonly string[]): Command<string> {
  return change(['/bin/sh', '-c', TIDY, 'sh', mark, ...folders], done);
}
