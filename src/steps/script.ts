// script: a script from beside the playbook, run on the host and gone again. It travels through standard input into a
// folder of its own, so the script itself finds its input empty.
import * as z from 'zod';
import type { Looker } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { wordsOfLine } from '../text/words.ts';
import { guardFields, programStep, type Sending } from './guards.ts';
import { markOf } from './place.ts';

const scriptArgs = () =>
  z
    .strictObject({
      cmd: z
        .string()
        .describe('the script, a file beside the playbook or in its folder "files", and its arguments; read as words'),
      executable: z
        .string()
        .startsWith('/', 'an absolute path')
        .nullable()
        .default(null)
        .describe('what runs it; none given: what its first line says after #!, else /bin/sh'),
      ...guardFields(),
    })
    .refine(args => wordsOfLine(args.cmd).length > 0, 'the line has no words, or a quote is left open');
type ScriptArgs = z.infer<ReturnType<typeof scriptArgs>>;

// The size is compared since a cut connection looks like the end of the script.
const RUN = `PATH=/usr/bin:/bin:/usr/sbin
d=$1 size=$2 with=$3 chdir=$4
shift 4
mask=$(umask)
umask 077
rm -rf "$d"
mkdir "$d" || exit
trap 'rm -rf "$d"' EXIT
cat > "$d/script" || exit
[ "$(wc -c < "$d/script")" -eq "$size" ] || { echo "only a part of the script arrived" >&2; exit 1; }
chmod 700 "$d/script" || exit
umask "$mask"
[ -z "$chdir" ] || cd "$chdir" || exit
if [ -n "$with" ]; then "$with" "$d/script" "$@" < /dev/null; else "$d/script" "$@" < /dev/null; fi`;

export const script = programStep<ScriptArgs & JsonObject>(
  {
    name: 'script',
    summary: 'run a script from beside the playbook',
    args: scriptArgs,
    notOurs: {
      decrypt: 'leave it out: files are taken as they are',
      stdin: 'leave it out: the script travels on it; give arguments',
    },
    shellArguments: ['cmd', 'unless'],
    localFile: 'cmd',
    say: args => `run the script ${args.cmd}`,
  },
  sent,
);

async function sent(args: ScriptArgs, looker: Looker): Promise<Sending> {
  const [path = '', ...words] = wordsOfLine(args.cmd);
  const bytes = await looker.localFile(path);
  if (bytes === null) return `no such file beside the playbook: ${path}`;
  const runner = args.executable ?? (isProgram(bytes) ? '' : '/bin/sh');
  const given = [`/var/tmp/.zoneferry-${markOf(looker)}`, String(bytes.length), runner, args.chdir ?? ''];
  return { argv: ['/bin/sh', '-c', RUN, 'sh', ...given, ...words], stdin: bytes };
}

const isProgram = (bytes: Uint8Array): boolean => bytes[0] === 0x23 && bytes[1] === 0x21;
