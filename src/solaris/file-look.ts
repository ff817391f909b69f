// What lies at a path, asked in one go with the rights of the task: kind, mode, owner, where links lead, and the bytes
// of what isn't large. Only what POSIX and ls(1) of Solaris have; everything that can hold any byte travels as hex.
import type { Command, Reading } from '../model/command.ts';
import { ok, unreadable } from '../model/command.ts';
import { modeOf } from '../text/file-mode.ts';
import { linesOf, privilegedLook, succeeded } from './reading.ts';

/** `astray`: something on the way to it is no folder. `locked`: a folder on the way may not be searched. `circle`: links that lead to each other. */
export type Kind = 'file' | 'directory' | 'link' | 'other' | 'absent' | 'locked' | 'astray' | 'circle';

export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
}

export interface FileLook {
  readonly kind: Kind;
  /** Behind every link, when they were followed. */
  readonly path: string;
  /** How many links were followed. */
  readonly links: number;
  /** How many names of the path are missing; 0 when it is there. */
  readonly missing: number;
  /** null when nothing is there. */
  readonly attributes: Attributes | null;
  readonly size: number;
  readonly inode: number;
  readonly hardLinks: number;
  /** ISO 8601 with the host's offset, or null where ls can't tell. */
  readonly modified: string | null;
  /** Of a link that wasn't followed. */
  readonly target: string | null;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  /** Of an ordinary file that may be read and isn't larger than asked for. */
  readonly bytes: Uint8Array | null;
  /** Of an ordinary file, when its bytes weren't sent and a program here can tell. */
  readonly sha256: string | null;
}

export interface LookWish {
  readonly follow: boolean;
  /** Larger files are told by their digest; -1: never the bytes, never the digest. */
  readonly mostBytes: number;
  /** Whether `modified` is asked for, too. */
  readonly times: boolean;
}

// Each program costs the host more than all the rest: what can hold no odd byte is printed as it is, and otherwise one
// od carries all of it, with the one byte between that no path can hold. For /bin/sh; it may end the shell that it is
// put into.
const SCRIPT = `PATH=/usr/bin:/bin
p=$1 follow=$2 most=$3 times=$4 links=0 missing=0 numbers= names= exact= odd=
set -f
hex() { od -An -v -tx1; }
while [ "$follow" = yes ] && [ -h "$p" ] && [ $links -lt 20 ]; do
  links=$((links + 1))
  t=$(ls -ld "$p") || exit
  t=\${t#*"$p -> "}
  case $t in /*) p=$t ;; *) p=\${p%/*}/$t ;; esac
done
if [ -h "$p" ]; then
  kind=link
  [ "$follow" = yes ] && kind=circle
elif [ -f "$p" ]; then kind=file
elif [ -d "$p" ]; then kind=directory
elif [ -e "$p" ]; then kind=other
else
  kind=absent d=$p
  while [ "$d" != / ]; do
    d=\${d%/*} missing=$((missing + 1))
    [ -n "$d" ] || d=/
    if [ -d "$d" ]; then
      [ -x "$d" ] || kind=locked
      break
    fi
    if [ -e "$d" ] || [ -h "$d" ]; then
      kind=astray
      break
    fi
  done
fi
case $kind in absent | locked | astray | circle) ;; *) numbers=$(ls -ldin "$p") names=$(ls -ld "$p") ;; esac
[ -z "$times" ] || [ -z "$numbers" ] || exact=$(ls -ldE "$p" 2>/dev/null)
may=
for r in r w x; do
  [ -$r "$p" ] && may="$may
may $r"
done
case $p in *[!A-Za-z0-9_/.,:@%+-]*) odd=yes ;; esac
[ $kind = link ] && odd=yes
said="kind $kind
links $links
missing $missing$may"
if [ -z "$odd" ]; then
  said="$said
path $p
numbers $numbers
names $names
exact $exact"
fi
[ -n "$numbers" ] || [ -n "$odd" ] || { printf '%s\\nend\\n' "$said"; exit 0; }
printf '%s\\n' "$said"
if [ -n "$odd" ]; then
  echo listed
  printf '%s\\0%s\\0%s\\0%s' "$p" "$numbers" "$names" "$exact" | hex
  [ -n "$numbers" ] || { echo end; exit 0; }
fi
if [ $kind = file ] && [ -r "$p" ] && [ "$most" -ge 0 ]; then
  set -- $numbers
  if [ "$6" -le "$most" ]; then
    echo bytes
    hex < "$p"
  else
    echo "digest $(digest -a sha256 "$p" 2>/dev/null || sha256sum < "$p" 2>/dev/null)"
  fi
fi
echo end`;

/** @param path absolute. */
export function look(path: string, { follow, mostBytes, times }: LookWish): Command<FileLook> {
  const given = [path, follow ? 'yes' : 'no', String(mostBytes), times ? 'yes' : ''];
  const argv = ['/bin/sh', '-c', SCRIPT, 'sh', ...given];
  return privilegedLook(argv, ended => {
    const end = succeeded(ended);
    return end.is === 'ok' ? readLook(end.value.out) : end;
  });
}

/**
 * The same look at the end of a script that changed something: at `$asked`, larger files than `$most` by their digest.
 * In a subshell, so that how it ends says nothing of the change.
 */
export const LOOK_AFTERWARDS = `(
set -- "$asked" yes "$most" ''
${SCRIPT}
)
exit 0`;

/** null: it can't be read, and has to be asked for by itself. */
export function lookedAfterwards(out: string): FileLook | null {
  const look = readLook(out);
  return look.is === 'ok' ? look.value : null;
}

const CHUNK_SCRIPT = `PATH=/usr/bin:/bin
dd if="$1" bs=1048576 skip="$2" count=1 2>/dev/null | od -An -v -tx1 && echo end`;

/** The n-th MiB of a file, from 0. */
export function chunk(path: string, n: number): Command<Uint8Array> {
  return privilegedLook(['/bin/sh', '-c', CHUNK_SCRIPT, 'sh', path, String(n)], ended => {
    const end = succeeded(ended);
    if (end.is !== 'ok') return end;
    const lines = linesOf(end.value.out);
    if (lines.at(-1) !== 'end') return unreadable(lines.at(-1) ?? '', 'the content was cut short');
    return ok(bytesOf(lines.slice(0, -1)));
  });
}

/** Lines by the word before them: `kind file` stands under `kind`, the hex lines after `listed` under `listed`. */
function sectionsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let open: string[] = [];
  for (const line of lines) {
    if (/^\s/.test(line)) {
      open.push(line);
      continue;
    }
    const [word = '', ...rest] = line.split(' ');
    open = [...(sections.get(word) ?? []), ...rest.slice(0, 1)];
    sections.set(word, open);
  }
  return sections;
}

const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('').replaceAll(/\s/g, ''), 'hex');

const KINDS: readonly Kind[] = ['file', 'directory', 'link', 'other', 'absent', 'locked', 'astray', 'circle'];

function readLook(out: string): Reading<FileLook> {
  const lines = linesOf(out);
  if (lines.at(-1) !== 'end') return unreadable(lines.at(-1) ?? '', 'the answer was cut short');
  const sections = sectionsOf(lines);
  const word = (name: string): string => sections.get(name)?.[0] ?? '';
  const kind = KINDS.find(one => one === word('kind'));
  if (kind === undefined) return unreadable(lines[0] ?? '', 'no kind of file');
  const [path = '', numbers = '', names = '', exact = ''] = listedIn(lines, sections.get('listed'));
  const may = sections.get('may') ?? [];
  const listed = attributesOf(numbers, names);
  const isThere = !['absent', 'locked', 'astray', 'circle'].includes(kind);
  if (isThere && listed === null) return unreadable(numbers.trim(), 'no line of ls');
  const bytes = sections.get('bytes');
  return ok({
    ...{ kind, path, links: Number(word('links')), missing: Number(word('missing')) },
    attributes: listed?.attributes ?? null,
    ...{ size: listed?.size ?? 0, inode: listed?.inode ?? 0, hardLinks: listed?.hardLinks ?? 0 },
    modified: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]* [-+]\d{4}/.exec(exact)?.[0] ?? null,
    target: kind === 'link' ? targetOf(names, path) : null,
    ...{ readable: may.includes('r'), writable: may.includes('w'), executable: may.includes('x') },
    bytes: bytes === undefined ? null : bytesOf(bytes),
    sha256: /^[0-9a-f]{64}$/.test(word('digest')) ? word('digest') : null,
  });
}

function listedIn(lines: readonly string[], hex: readonly string[] | undefined): readonly string[] {
  if (hex !== undefined) return bytesOf(hex).toString().split('\0');
  const plain = (name: string): string => lines.find(line => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  return [plain('path'), plain('numbers'), plain('names'), plain('exact')];
}

/** Of `lrwxrwxrwx 1 root root 9 Nov 23 06:51 /etc/motd -> motd.real`. */
function targetOf(line: string, path: string): string {
  const mark = `${path} -> `;
  const at = line.indexOf(mark);
  return at < 0 ? '' : line.slice(at + mark.length).replace(/\n$/, '');
}

interface Listed {
  readonly attributes: Attributes;
  readonly size: number;
  readonly inode: number;
  readonly hardLinks: number;
}

/** `  1234 -rw-r--r--   1 0  0  2231 Nov 23 06:51 /etc/motd`, and the same with names; a device has two numbers for its size. */
function attributesOf(numbers: string, names: string): Listed | null {
  const numeric = /^\s*(\d+) +([-\w]{10})[^ ]* +(\d+) +(\d+) +(\d+) +(\d+)/.exec(numbers);
  const named = /^[-\w]{10}[^ ]* +\d+ +(\S+) +(\S+) /.exec(names);
  if (numeric === null || named === null) return null;
  const [, inode, letters = '', hardLinks, uid, gid, size] = numeric;
  const [, owner = '', group = ''] = named;
  return {
    attributes: { mode: modeOf(letters.slice(1)), uid: Number(uid), gid: Number(gid), owner, group },
    ...{ size: Number(size), inode: Number(inode), hardLinks: Number(hardLinks) },
  };
}
