// Builtins that steer the shell (exit, return, eval, ., command, set -e ...) or print (echo, printf, test).
import { FileError } from '../os/file-error.ts';
import { toText } from '../os/process.ts';
import { format } from '../util/printf.ts';
import { echoed } from '../util/echo.ts';
import { checkTest } from '../util/test.ts';
import type { Builtin } from './builtins.ts';
import { BUILTINS, isSpecial } from './builtins.ts';
import type { Shell } from './interp.ts';
import { quoted } from './quote.ts';
import { ShellError } from './state.ts';
import { findCommand, pathOf } from './simple.ts';

/** A count or status argument; null when it isn't a number. */
function count(word: string | undefined, otherwise: number): number | null {
  if (word === undefined) return otherwise;
  return /^[-+]?\d+$/.test(word) ? Number(word) : null;
}

const leave =
  (is: 'exit' | 'return'): Builtin =>
  async (sh, argv) => {
    const status = count(argv[1], sh.status);
    if (status === null) {
      await sh.complain(`${is}: ${argv[1] ?? ''}: numeric argument required`);
      sh.flow = { is, status: 2 };
      return 2;
    }
    const isInside = sh.functionDepth + sh.sourceDepth > 0;
    if (is === 'return' && !isInside && sh.dialect.name === 'bash') {
      await sh.complain("return: can only `return' from a function or sourced script");
      return 2;
    }
    sh.flow = is === 'return' && isInside ? { is, status: status & 255 } : { is: 'exit', status: status & 255 };
    return status & 255;
  };

const jump =
  (is: 'break' | 'continue'): Builtin =>
  async (sh, argv) => {
    const levels = count(argv[1], 1);
    if (levels === null || levels < 1) throw sh.fail(`${is}: ${argv[1] ?? ''}: bad number`, 1, true);
    if (sh.loops > 0) sh.flow = { is, levels: Math.min(levels, sh.loops) };
    return 0;
  };

const dot: Builtin = async (sh, argv) => {
  const name = argv[1] === '--' ? argv[2] : argv[1];
  if (name === undefined) throw sh.fail('.: filename argument required', 2, true);
  const path = name.includes('/') ? name : (readable(sh, name) ?? name);
  let text: string;
  try {
    text = toText(sh.proc.files.read(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw sh.fail(sh.dialect.cannotOpen(name, error.reason), sh.dialect.redirectStatus, sh.dialect.isStrict);
  }
  const { params } = sh;
  if (argv.length > 2) sh.params = argv.slice(2);
  sh.sourceDepth++;
  try {
    const status = await sh.runText(text);
    if (sh.flow?.is !== 'return') return status;
    const { status: returned } = sh.flow;
    sh.flow = null;
    return returned;
  } finally {
    sh.sourceDepth--;
    if (argv.length > 2) sh.params = params;
  }
};

function readable(sh: Shell, name: string): string | null {
  const dirs = (sh.value('PATH') ?? '').split(':').map(dir => `${dir === '' ? '.' : dir}/${name}`);
  return dirs.find(path => sh.proc.files.find(path)?.node?.kind === 'file') ?? null;
}

/** What a name means, as `command -v` (brief) and `type` tell it. */
function meaning(sh: Shell, name: string, isBrief: boolean): string | null {
  if (KEYWORDS.has(name)) return isBrief ? name : `${name} is a keyword`;
  if (isSpecial(name)) return isBrief ? name : `${name} is a special shell builtin`;
  if (sh.functions.has(name)) return isBrief ? name : `${name} is a function`;
  if (BUILTINS.has(name)) return isBrief ? name : `${name} is a shell builtin`;
  const path = pathOf(sh, name, sh.value('PATH') ?? '');
  if (path === null || (!sh.proc.files.may(path, 'x') && !sh.proc.kernel.isProgram(path))) return null;
  return isBrief ? path : `${name} is ${path}`;
}

const KEYWORDS = new Set('! { } case do done elif else esac fi for function if in then until while [['.split(' '));

const command: Builtin = async (sh, argv) => {
  let rest = argv.slice(1);
  let show: 'v' | 'V' | null = null;
  while (rest[0] !== undefined && /^-[vVp]+$/.test(rest[0])) {
    if (rest[0].includes('v')) show = 'v';
    if (rest[0].includes('V')) show = 'V';
    rest = rest.slice(1);
  }
  if (rest[0] === '--') rest = rest.slice(1);
  const [name] = rest;
  if (name === undefined) return 0;
  if (show !== null) return tell(sh, rest, show === 'v');
  const builtin = BUILTINS.get(name);
  if (builtin !== undefined) return builtin(sh, rest);
  const env = sh.environment();
  const found = findCommand(sh, name, env);
  if (typeof found !== 'function') {
    await sh.say(`${found.said}\n`);
    return found.status;
  }
  const child = sh.proc.kernel.spawn(sh.proc, rest);
  child.env = env;
  child.begin(found);
  return sh.statusOf(await sh.proc.endOf(child));
};

async function tell(sh: Shell, names: readonly string[], isBrief: boolean): Promise<number> {
  let status = 0;
  for (const name of names) {
    const text = meaning(sh, name, isBrief);
    if (text === null) {
      status = sh.dialect.name === 'plain' ? 127 : 1;
      if (!isBrief) await sh.complain(sh.dialect.notFound(name));
    } else await sh.proc.out(`${text}\n`);
  }
  return status;
}

const print: Builtin = async (sh, argv) => {
  let rest = argv.slice(1);
  let isRaw = false;
  let hasNewline = true;
  let fd = 1;
  for (let word = rest[0]; word !== undefined && /^-[rnR]*(u\d?)?$/.test(word) && word !== '-'; word = rest[0]) {
    rest = rest.slice(1);
    if (/[rR]/.test(word)) isRaw = true;
    if (word.includes('n')) hasNewline = false;
    const unit = /u(\d)/.exec(word);
    if (unit !== null) fd = Number(unit[1]);
  }
  if (rest[0] === '--' || rest[0] === '-') rest = rest.slice(1);
  const text = echoed(['echo', ...rest], { isExpanding: !isRaw, hasOptions: false });
  await sh.proc.write(fd, hasNewline ? text : text.replace(/\n$/, ''));
  return 0;
};

const printf: Builtin = async (sh, argv) => {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (args[0] === '-v' && args[1] !== undefined) {
    sh.set(args[1], format(args.slice(2)).text);
    return 0;
  }
  const made = format(args);
  await sh.proc.out(made.text);
  for (const wrong of made.errors) await sh.complain(`printf: ${wrong}`);
  return made.errors.length > 0 ? 1 : 0;
};

const test: Builtin = async (sh, argv) => {
  const name = argv[0] ?? 'test';
  const answer = checkTest(sh.proc, argv);
  if (typeof answer === 'boolean') return answer ? 0 : 1;
  await sh.complain(`${name}: ${answer.problem}`);
  return 2;
};

const evaluate: Builtin = async (sh, argv) => {
  const text = (argv[1] === '--' ? argv.slice(2) : argv.slice(1)).join(' ');
  if (text.trim() === '') return 0;
  try {
    return await sh.runText(text, sh.line);
  } catch (error) {
    // a syntax error in it ends bash's eval, not bash
    if (!(error instanceof ShellError) || sh.dialect.isStrict || error.status !== sh.dialect.syntaxStatus) throw error;
    await sh.say(`${error.message}\n`);
    return error.status;
  }
};

const echo: Builtin = async (sh, argv) => {
  await sh.proc.out(echoed(argv, { isExpanding: sh.dialect.echoExpands, hasOptions: true }));
  return 0;
};

const letBuiltin: Builtin = async (sh, argv) => {
  let status = 1;
  for (const text of argv.slice(1)) status = await sh.runText(`(( ${text} ))`, sh.line);
  return status;
};

const times: Builtin = async sh => {
  await sh.proc.out('0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n');
  return 0;
};

const alias: Builtin = async (sh, argv) => {
  for (const word of argv.slice(1)) if (word.includes('=')) await sh.complain(`alias: ${quoted(word)}: not supported`);
  return argv.length > 1 ? 1 : 0;
};

export const CONTROL: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  '.': dot,
  source: dot,
  '[': test,
  alias,
  unalias: () => 0,
  break: jump('break'),
  builtin: command,
  command,
  continue: jump('continue'),
  echo,
  eval: evaluate,
  exit: leave('exit'),
  exec: () => 0,
  let: letBuiltin,
  print,
  printf,
  return: leave('return'),
  test,
  times,
  type: (sh, argv) => tell(sh, argv.slice(1), false),
  hash: () => 0,
};
