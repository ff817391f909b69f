// What lies at many paths, asked in one go: kinds by the shell itself, then at most one ls for numbers, one for names and
// one program for all digests. Links are not followed but on the way to a folder. What is printed may hold any letter, even
// an end of line: it is read against the paths that were asked for, in the order in which each program prints them.
import { type Command, ok, type Reading, unreadable } from '../model/command.ts';
import { modeOf } from '../text/file-mode.ts';
import type { Attributes, FileLook, Kind } from './file-look.ts';
import { linesOf, privilegedLook, succeeded } from './reading.ts';

export interface TreeWish {
  /** Absolute; one that ends with / is to be a folder, and a link to one counts as that. */
  readonly paths: readonly string[];
  /** Owners by name, too. */
  readonly names: boolean;
  /** Mode and owner of folders, too. */
  readonly folders: boolean;
}

// A missing path is told with how many of its names are missing, as file-look does. Every program costs the host more
// than all the rest: what isn't there starts none.
export const TREE_LOOK = `PATH=/usr/bin:/bin
names=$1 folders=$2
shift 2
n=$# said=
while [ $n -gt 0 ]; do
  w=$1 p=\${1%/} missing=0
  shift
  n=$((n - 1))
  [ -n "$p" ] || p=/
  if [ -h "$p" ] && { [ "$w" = "$p" ] || [ ! -d "$p" ]; }; then kind=l
  elif [ -f "$p" ]; then
    kind=f
    [ -r "$p" ] || kind=u
  elif [ -d "$p" ]; then kind=d
  elif [ -e "$p" ]; then kind=o
  else
    kind=a d=$p
    while [ "$d" != / ]; do
      d=\${d%/*} missing=$((missing + 1))
      [ -n "$d" ] || d=/
      if [ -d "$d" ]; then
        [ -x "$d" ] || kind=k
        break
      fi
      if [ -e "$d" ] || [ -h "$d" ]; then
        kind=s
        break
      fi
    done
  fi
  said="$said $kind$missing"
  case $kind$folders in f* | u* | dyes) set -- "$@" "$p" ;; esac
done
echo "kinds$said"
[ $# -gt 0 ] || { echo end; exit 0; }
echo numbers
ls -ldnL "$@"
if [ -n "$names" ]; then
  echo names
  ls -ldL "$@"
fi
n=$#
while [ $n -gt 0 ]; do
  p=$1
  shift
  n=$((n - 1))
  if [ -f "$p" ] && [ -r "$p" ]; then set -- "$@" "$p"; fi
done
if [ $# -gt 0 ]; then
  echo sums
  if command -v digest >/dev/null 2>&1; then digest -a sha256 "$@"
  elif command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; fi
fi
echo end`;

export const treeWords = ({ paths, names, folders }: TreeWish): readonly string[] => [
  names ? 'yes' : '',
  folders ? 'yes' : '',
  ...paths,
];

/** In the order of the paths. */
export function lookAtTree(wish: TreeWish): Command<readonly FileLook[]> {
  return privilegedLook(['/bin/sh', '-c', TREE_LOOK, 'sh', ...treeWords(wish)], ended => {
    const end = succeeded(ended);
    return end.is === 'ok' ? readTree(wish, end.value.out) : end;
  });
}

const KINDS: Readonly<Record<string, Kind>> = {
  ...{ f: 'file', u: 'file', d: 'directory', l: 'link', o: 'other' },
  ...{ a: 'absent', k: 'locked', s: 'astray' },
};

interface Told {
  readonly path: string;
  readonly letter: string;
  readonly kind: Kind;
  readonly missing: number;
}

export function readTree({ paths, names, folders }: TreeWish, out: string): Reading<readonly FileLook[]> {
  const text = new Text(out);
  const told = toldKinds(paths, text.line());
  if (told === null) return unreadable(out.split('\n')[0] ?? '', 'no kinds of what lies there');
  const listed = told.filter(({ letter }) => letter === 'f' || letter === 'u' || (letter === 'd' && folders));
  const inOrder = listed.map(({ path }) => path).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const numbers = new Map<string, Numbers>();
  const owners = new Map<string, Owner>();
  const sums = new Map<string, string>();
  if (listed.length > 0) {
    const isRead =
      text.takes('numbers\n') &&
      inOrder.every(path => rowOf(text, NUMBERS, path, found => numbers.set(path, numbersOf(found)))) &&
      (!names ||
        (text.takes('names\n') &&
          inOrder.every(path =>
            rowOf(text, NAMES, path, ([, owner = '', group = '']) => owners.set(path, { owner, group })),
          )));
    if (!isRead) return unreadable(text.line(), 'no line of ls for each path');
    const summed = told.filter(({ letter }) => letter === 'f').map(({ path }) => path);
    if (summed.length > 0 && text.takes('sums\n')) summed.every(path => sumOf(text, path, sum => sums.set(path, sum)));
  }
  if (linesOf(out).at(-1) !== 'end') return unreadable(linesOf(out).at(-1) ?? '', 'the answer was cut short');
  return ok(told.map(one => lookOf(one, numbers.get(one.path), owners.get(one.path), sums.get(one.path))));
}

/** `kinds f0 d0 a2` */
function toldKinds(paths: readonly string[], line: string): readonly Told[] | null {
  const words = line.split(' ').slice(1);
  if (!line.startsWith('kinds') || words.length !== paths.length) return null;
  const told = paths.flatMap((path, n) => {
    const [, letter = '', missing = ''] = /^([a-z])(\d+)$/.exec(words[n] ?? '') ?? [];
    const kind = KINDS[letter];
    return kind === undefined ? [] : [{ path: path.replace(/(?!^)\/$/, ''), letter, kind, missing: Number(missing) }];
  });
  return told.length === paths.length ? told : null;
}

interface Numbers {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}
interface Owner {
  readonly owner: string;
  readonly group: string;
}

/** `-rw-r--r--   1 0  0  2231 Nov 23 06:51 /etc/motd`: a date has no slash in it. */
const NUMBERS = /([-\w]{10})[^ ]* +\d+ +(\d+) +(\d+) +(\d+) [^/]*/y;
const NAMES = /[-\w]{10}[^ ]* +\d+ +(\S+) +(\S+) +\d+ [^/]*/y;

const numbersOf = ([, letters = '', uid, gid, size]: readonly string[]): Numbers => ({
  ...{ mode: modeOf(letters.slice(1)), uid: Number(uid), gid: Number(gid), size: Number(size) },
});

function rowOf(text: Text, row: RegExp, path: string, take: (found: readonly string[]) => void): boolean {
  const found = text.match(row);
  if (found === null || !text.takes(`${path}\n`)) return false;
  take(found);
  return true;
}

/** digest(1): the bare sum of one file, `(name) = sum` of several; sha256sum: `sum  name`, a name with ends of line on one line. */
function sumOf(text: Text, path: string, take: (sum: string) => void): boolean {
  const isNamed = text.takes(`(${path}) = `) || text.takes(`sha256 (${path}) = `);
  const isEscaped = !isNamed && text.takes('\\');
  const sum = text.match(/[0-9a-f]{64}/y)?.[0];
  if (sum === undefined) return false;
  if (isEscaped) text.line();
  else if (!text.takes('\n') && !(text.match(/ [ *]/y) !== null && text.takes(`${path}\n`))) return false;
  take(sum);
  return true;
}

/** What is left to read of an answer. */
class Text {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  takes(words: string): boolean {
    if (!this.#text.startsWith(words, this.#at)) return false;
    this.#at += words.length;
    return true;
  }

  match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  line(): string {
    const end = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return line;
  }
}

function lookOf({ path, letter, kind, missing }: Told, numbers?: Numbers, owner?: Owner, sum?: string): FileLook {
  const attributes: Attributes | null =
    numbers === undefined
      ? null
      : { mode: numbers.mode, uid: numbers.uid, gid: numbers.gid, owner: '', group: '', ...owner };
  return {
    ...{ kind, path, links: 0, missing, attributes, size: numbers?.size ?? 0, inode: 0, hardLinks: 0 },
    ...{ modified: null, target: null, readable: letter === 'f', writable: false, executable: false },
    ...{ bytes: null, sha256: sum ?? null },
  };
}

const CONTENTS = `PATH=/usr/bin:/bin
od -An -v -tx1 "$@" && echo end`;

export interface Sized {
  readonly path: string;
  readonly size: number;
}

/** The bytes of several files, in their order; null: they aren't as long as they were. */
export function contentsOf(files: readonly Sized[]): Command<readonly Uint8Array[] | null> {
  return privilegedLook(['/bin/sh', '-c', CONTENTS, 'sh', ...files.map(({ path }) => path)], ended => {
    const end = succeeded(ended);
    if (end.is !== 'ok') return end;
    const lines = linesOf(end.value.out);
    if (lines.at(-1) !== 'end') return unreadable(lines.at(-1) ?? '', 'the contents were cut short');
    const all = Buffer.from(lines.slice(0, -1).join('').replaceAll(/\s/g, ''), 'hex');
    if (all.length !== files.reduce((sum, { size }) => sum + size, 0)) return ok(null);
    let at = 0;
    return ok(files.map(({ size }) => all.subarray(at, (at += size))));
  });
}
