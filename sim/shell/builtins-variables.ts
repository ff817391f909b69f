// Builtins about variables, parameters and options: set, export, read, getopts and their kin.
import { toText } from '../os/process.ts';
import type { Builtin } from './builtins.ts';
import type { Shell } from './interp.ts';
import { alwaysQuoted, quoted } from './quote.ts';
import { fieldsForRead } from './read-fields.ts';
import { OPTION_LETTERS, type Variable } from './state.ts';

const NAME = /^[A-Za-z_][A-Za-z_0-9]*$/;

const set: Builtin = async (sh, argv) => {
  const words = argv.slice(1);
  if (words.length === 0) {
    for (const [name, { value }] of [...sh.variables].sort(byName))
      if (value !== null) await sh.proc.out(`${name}=${quoted(value)}\n`);
    return 0;
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--' || !/^[-+]./.test(word)) {
      if (word === '-') sh.options.delete('xtrace');
      sh.params = words.slice(word === '--' || word === '-' ? i + 1 : i);
      return 0;
    }
    const isOn = word.startsWith('-');
    for (const letter of word.slice(1)) {
      const option = letter === 'o' ? words[++i] : OPTION_LETTERS[letter];
      if (option === undefined) {
        if (letter === 'o') return listOptions(sh, isOn);
        throw sh.fail(`set: ${word.slice(0, 1)}${letter}: unknown option`, 2, true);
      }
      if (isOn) sh.options.add(option);
      else sh.options.delete(option);
    }
  }
  return 0;
};

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

async function listOptions(sh: Shell, isForPeople: boolean): Promise<number> {
  for (const option of [...Object.values(OPTION_LETTERS), 'pipefail'].sort()) {
    const isOn = sh.has(option);
    await sh.proc.out(
      isForPeople ? `${option.padEnd(15)} ${isOn ? 'on' : 'off'}\n` : `set ${isOn ? '-' : '+'}o ${option}\n`,
    );
  }
  return 0;
}

const marking =
  (mark: 'isExported' | 'isReadonly', name: string): Builtin =>
  async (sh, argv) => {
    const words = argv.slice(1).filter(word => word !== '--' && word !== '-p');
    const isUndone = words[0] === '-n';
    if (words.length === 0) return listMarked(sh, mark, name);
    for (const word of isUndone ? words.slice(1) : words) {
      const at = word.indexOf('=');
      const variable = (at < 0 ? word : word.slice(0, at)).replace(/\+$/, '');
      if (!NAME.test(variable)) throw sh.fail(`${name}: ${word}: invalid variable name`, 1, sh.dialect.isStrict);
      if (at >= 0) sh.set(variable, (word[at - 1] === '+' ? (sh.value(variable) ?? '') : '') + word.slice(at + 1));
      sh.mark(variable, { [mark]: !isUndone });
    }
    return 0;
  };

async function listMarked(sh: Shell, mark: 'isExported' | 'isReadonly', name: string): Promise<number> {
  for (const [variable, its] of [...sh.variables].sort(byName)) {
    if (!its[mark]) continue;
    await sh.proc.out(`${name} ${variable}${its.value === null ? '' : `=${shown(sh, its)}`}\n`);
  }
  return 0;
}

function shown(sh: Shell, { value }: Variable): string {
  return sh.dialect.name === 'ksh93' ? quoted(value ?? '') : alwaysQuoted(value ?? '');
}

const unset: Builtin = (sh, argv) => {
  const isFunction = argv[1] === '-f';
  for (const name of argv.slice(1).filter(word => !/^-[fvn]$/.test(word))) {
    if (isFunction) sh.functions.delete(name);
    else if (sh.variables.has(name)) sh.unset(name);
    else sh.functions.delete(name);
  }
  return 0;
};

const shift: Builtin = async (sh, argv) => {
  const by = Number(argv[1] ?? '1');
  if (!Number.isInteger(by) || by < 0 || by > sh.params.length) {
    if (sh.dialect.name === 'bash') return 1;
    throw sh.fail(`shift: ${argv[1] ?? '1'}: bad number`, sh.dialect.name === 'plain' ? 2 : 1, true);
  }
  sh.params = sh.params.slice(by);
  return 0;
};

/** local, typeset, declare: local inside a function. Of the flags x, r and +x count; the rest is taken and forgotten. */
const local: Builtin = async (sh, argv) => {
  const flags = argv.slice(1).filter(word => /^[-+][A-Za-z]+$/.test(word));
  const words = argv.slice(1).filter(word => !/^[-+][A-Za-z]*$/.test(word));
  if (argv[0] === 'local' && sh.functionDepth === 0) {
    await sh.complain('local: can only be used in a function');
    return 1;
  }
  if (flags.some(flag => flag.includes('f'))) return words.every(name => sh.functions.has(name)) ? 0 : 1;
  if (words.length === 0 && argv[0] !== 'local')
    return listMarked(sh, flags.includes('-r') ? 'isReadonly' : 'isExported', 'typeset');
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    if (!NAME.test(name)) throw sh.fail(`${argv[0] ?? ''}: ${word}: invalid variable name`, 1);
    if (sh.functionDepth > 0 && !flags.some(flag => flag.includes('g'))) sh.makeLocal(name);
    if (at >= 0) sh.set(name, word.slice(at + 1));
    if (flags.some(flag => /^-.*x/.test(flag))) sh.mark(name, { isExported: true });
    if (flags.some(flag => /^\+.*x/.test(flag))) sh.mark(name, { isExported: false });
    if (flags.some(flag => /^-.*r/.test(flag))) sh.mark(name, { isReadonly: true });
  }
  return 0;
};

interface ReadOptions {
  isRaw: boolean;
  fd: number;
  prompt: string;
}

const read: Builtin = async (sh, argv) => {
  const options: ReadOptions = { isRaw: false, fd: 0, prompt: '' };
  let i = 1;
  for (let word = argv[i]; word !== undefined && /^-[a-zA-Z]/.test(word); word = argv[++i]) {
    if (word.includes('r')) options.isRaw = true;
    if (/p$/.test(word)) options.prompt = argv[++i] ?? '';
    if (/u$/.test(word)) options.fd = Number(argv[++i]);
    const unit = /u(\d+)$/.exec(word);
    if (unit !== null) options.fd = Number(unit[1]);
  }
  if (argv[i] === '--') i++;
  const given = argv.slice(i);
  const names = given.length === 0 ? ['REPLY'] : given.map(name => name.replace(/\?.*$/, ''));
  if (options.prompt !== '' && sh.proc.tty) await sh.say(options.prompt);
  const { text, isEnded } = await readLogical(sh, options);
  const values = fieldsForRead(text, { ifs: sh.value('IFS') ?? ' \t\n', count: names.length, isRaw: options.isRaw });
  for (const [n, name] of names.entries()) {
    if (!NAME.test(name)) throw sh.fail(`read: ${name}: invalid variable name`, 1);
    sh.set(name, values[n] ?? '');
  }
  return isEnded ? 1 : 0;
};

/** One line; without -r a backslash at its end goes on with the next. */
async function readLogical(
  sh: Shell,
  { isRaw, fd }: ReadOptions,
): Promise<{ readonly text: string; readonly isEnded: boolean }> {
  let text = '';
  for (;;) {
    const line = toText(await sh.proc.readLineOf(fd)).replaceAll('\0', '');
    if (!line.endsWith('\n')) return { text: text + line, isEnded: true };
    text += line.slice(0, -1);
    const slashes = /\\*$/.exec(text)?.[0].length ?? 0;
    if (isRaw || slashes % 2 === 0) return { text, isEnded: false };
    text = text.slice(0, -1);
  }
}

const getopts: Builtin = async (sh, argv) => {
  const [, spec = '', name = 'opt', ...given] = argv;
  const args = argv.length > 3 ? given : sh.params;
  const isSilent = spec.startsWith(':');
  const word = args[sh.optionIndex - 1];
  const at = sh.optionOffset === 0 ? 1 : sh.optionOffset;
  if (word === undefined || !word.startsWith('-') || word === '-' || word === '--') {
    if (word === '--') sh.optionIndex++;
    return finish(sh, name, '?', 1);
  }
  const letter = word[at] ?? '';
  const place = letter === ':' ? -1 : spec.indexOf(letter, isSilent ? 1 : 0);
  const isLast = at + 1 >= word.length;
  sh.optionOffset = isLast ? 0 : at + 1;
  if (isLast) sh.optionIndex++;
  if (place < 0) {
    if (isSilent) sh.set('OPTARG', letter);
    else {
      sh.unset('OPTARG');
      await sh.complain(`-${letter}: unknown option`);
    }
    return finish(sh, name, '?', 0);
  }
  if (spec[place + 1] !== ':') {
    sh.unset('OPTARG');
    return finish(sh, name, letter, 0);
  }
  sh.optionOffset = 0;
  const value = isLast ? args[sh.optionIndex - 1] : word.slice(at + 1);
  sh.optionIndex++;
  if (value !== undefined) {
    sh.set('OPTARG', value);
    return finish(sh, name, letter, 0);
  }
  if (isSilent) sh.set('OPTARG', letter);
  else await sh.complain(`-${letter}: argument expected`);
  return finish(sh, name, isSilent ? ':' : '?', 0);
};

function finish(sh: Shell, name: string, value: string, status: number): number {
  const { optionIndex, optionOffset } = sh;
  sh.set('OPTIND', String(optionIndex));
  sh.optionOffset = optionOffset;
  sh.set(name, value);
  return status;
}

export const VARIABLES: Readonly<Record<string, Builtin>> = {
  declare: local,
  export: marking('isExported', 'export'),
  getopts,
  local,
  read,
  readonly: marking('isReadonly', 'readonly'),
  set,
  shift,
  typeset: local,
  unset,
};
