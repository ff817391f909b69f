// Small utilities with nothing in common but their size: basename, dirname, date, expr, seq, which, sync, ...
import type { Main } from '../os/kernel.ts';
import { format } from './printf.ts';
import { echoed } from './echo.ts';
import { expressed } from './expr.ts';
import { Options, UsageError } from './options.ts';
import { commandPath } from './starting.ts';
import { strftime } from './strftime.ts';
import { checkTest } from './test.ts';

const basename: Main = async (proc, argv) => {
  const [, path = '', suffix = ''] = argv;
  const last = path.replace(/\/+$/, '').split('/').pop() ?? '';
  const name = last === '' ? (path === '' ? '' : '/') : last;
  await proc.out(
    `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  );
  return 0;
};

const dirname: Main = async (proc, argv) => {
  const path = (argv[1] ?? '').replace(/\/+$/, '');
  const dir = path.includes('/') ? path.slice(0, path.lastIndexOf('/')).replace(/\/+$/, '') : '.';
  const isRoot = dir === '' || ((argv[1] ?? '').startsWith('/') && path === '');
  await proc.out(`${isRoot ? '/' : dir}\n`);
  return 0;
};

const date: Main = async (proc, argv) => {
  const options = new Options(argv, 'uRa:');
  const [operand] = options.operands;
  if (operand !== undefined && !operand.startsWith('+')) {
    await proc.err('date: setting the date is not allowed\n');
    return 1;
  }
  await proc.out(`${strftime(operand?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y', proc.clock.now())}\n`);
  return 0;
};

const seq: Main = async (proc, argv) => {
  const options = new Options(
    argv.map(word => (/^-\d/.test(word) ? ` ${word}` : word)),
    's:w',
  );
  const numbers = options.operands.map(Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN)) throw new UsageError('a number is needed');
  const last = numbers[numbers.length - 1] ?? 0;
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1;
  const items: string[] = [];
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) items.push(String(n));
  const width = options.has('w') ? Math.max(...items.map(item => item.length)) : 0;
  if (items.length > 0)
    await proc.out(`${items.map(item => item.padStart(width, '0')).join(options.value('s') ?? '\n')}\n`);
  return 0;
};

const which: Main = async (proc, argv) => {
  let status = 0;
  for (const name of argv.slice(1)) {
    const path = commandPath(proc, name);
    if (path.startsWith('/nowhere/')) {
      status = 1;
      await proc.out(`no ${name} in ${(proc.env.get('PATH') ?? '').replaceAll(':', ' ')}\n`);
    } else await proc.out(`${path}\n`);
  }
  return status;
};

const expr: Main = async (proc, argv) => {
  const value = expressed(argv[1] === '--' ? argv.slice(2) : argv.slice(1));
  await proc.out(`${value}\n`);
  return value === '' || /^-?0+$/.test(value) ? 1 : 0;
};

const printf: Main = async (proc, argv) => {
  const { text, errors } = format(argv[1] === '--' ? argv.slice(2) : argv.slice(1));
  await proc.out(text);
  for (const wrong of errors) await proc.err(`printf: ${wrong}\n`);
  return errors.length > 0 ? 1 : 0;
};

const test: Main = async (proc, argv) => {
  const answer = checkTest(proc, [argv[0]?.split('/').pop() ?? 'test', ...argv.slice(1)]);
  if (typeof answer === 'boolean') return answer ? 0 : 1;
  await proc.err(`test: ${answer.problem}\n`);
  return 2;
};

const readlink: Main = async (proc, argv) => {
  const options = new Options(argv, 'fn');
  const [path = ''] = options.operands;
  try {
    await proc.out(`${options.has('f') ? proc.files.realpath(path) : proc.files.readlink(path)}\n`);
    return 0;
  } catch {
    return 1;
  }
};

const pwd: Main = async proc => {
  await proc.out(`${proc.files.realpath('.')}\n`);
  return 0;
};

const echo: Main = async (proc, argv) => {
  await proc.out(echoed(argv, { isExpanding: true, hasOptions: true }));
  return 0;
};

const logger: Main = () => 0;

export const SMALL: Readonly<Record<string, Main>> = {
  '[': test,
  basename,
  date,
  dirname,
  echo,
  expr,
  false: () => 1,
  logger,
  printf,
  pwd,
  readlink,
  seq,
  sync: () => 0,
  test,
  true: () => 0,
  tty: async proc => {
    await proc.out(proc.tty ? '/dev/pts/1\n' : 'not a tty\n');
    return proc.tty ? 0 : 1;
  },
  which,
};
