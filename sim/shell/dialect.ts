// How the shells of a host differ where a script can see it: ksh93 (/bin/sh), bash (root's login shell), and a plain
// POSIX shell for comparing. Texts of ksh93 and bash as those print them without a terminal.

export interface Where {
  /** $0 */
  readonly name: string;
  readonly line: number;
}

export interface Dialect {
  readonly name: 'ksh93' | 'bash' | 'plain';
  /** The last element of a pipeline runs in the current shell. */
  readonly hasLastPipe: boolean;
  /** `$?` of a child that a signal ended is this plus the signal's number. */
  readonly signalBase: number;
  readonly echoExpands: boolean;
  /** Exit status after a syntax error, a failed redirection of a command, an unset parameter under -u. */
  readonly syntaxStatus: number;
  readonly redirectStatus: number;
  readonly unsetStatus: number;
  /** An EXIT trap runs also when a signal ends the shell. */
  readonly trapsExitOnSignal: boolean;
  /** What becomes of set -e in a command substitution. */
  readonly errexitInside: 'kept' | 'asked-anew' | 'off';
  /** A failing special builtin or assignment ends the shell. */
  readonly isStrict: boolean;
  prefix(where: Where): string;
  notFound(command: string): string;
  cannotExecute(command: string, reason: string): string;
  cannotOpen(path: string, reason: string): string;
  cannotCreate(path: string, reason: string): string;
  unset(name: string): string;
  readonly(name: string): string;
  /** The whole message. */
  syntax(token: string | null, where: Where): string;
}

const ksh93: Dialect = {
  name: 'ksh93',
  hasLastPipe: true,
  signalBase: 256,
  echoExpands: true,
  syntaxStatus: 3,
  redirectStatus: 1,
  unsetStatus: 1,
  trapsExitOnSignal: true,
  errexitInside: 'kept',
  isStrict: true,
  prefix: ({ name, line }) => (line > 1 ? `${name}: line ${line}: ` : `${name}: `),
  notFound: command => `${command}: not found`,
  cannotExecute: (command, reason) => `${command}: cannot execute [${reason}]`,
  cannotOpen: (path, reason) => `${path}: cannot open [${reason}]`,
  cannotCreate: (path, reason) => `${path}: cannot create [${reason}]`,
  unset: name => `${name}: parameter not set`,
  readonly: name => `${name}: is read only`,
  syntax: (token, { name, line }) => {
    const what = token === null ? 'unexpected end of file' : `\`${token}' unexpected`;
    return `${name}: syntax error at line ${line}: ${what}`;
  },
};

const bash: Dialect = {
  name: 'bash',
  hasLastPipe: false,
  signalBase: 128,
  echoExpands: false,
  syntaxStatus: 2,
  redirectStatus: 1,
  unsetStatus: 127,
  trapsExitOnSignal: true,
  errexitInside: 'off',
  isStrict: false,
  prefix: ({ name, line }) => `${name}: line ${line}: `,
  notFound: command =>
    command.includes('/') ? `${command}: No such file or directory` : `${command}: command not found`,
  cannotExecute: (command, reason) => `${command}: ${reason}`,
  cannotOpen: (path, reason) => `${path}: ${reason}`,
  cannotCreate: (path, reason) => `${path}: ${reason}`,
  unset: name => `${name}: unbound variable`,
  readonly: name => `${name}: readonly variable`,
  syntax: (token, where) => {
    const what = token === null ? ': unexpected end of file' : ` near unexpected token \`${token}'`;
    return `${bash.prefix(where)}syntax error${what}`;
  },
};

const plain: Dialect = {
  name: 'plain',
  hasLastPipe: false,
  signalBase: 128,
  echoExpands: true,
  syntaxStatus: 2,
  redirectStatus: 2,
  unsetStatus: 2,
  trapsExitOnSignal: false,
  errexitInside: 'asked-anew',
  isStrict: true,
  prefix: ({ name, line }) => `${name}: ${line}: `,
  notFound: command => `${command}: not found`,
  cannotExecute: (command, reason) => `${command}: ${reason}`,
  cannotOpen: (path, reason) => `cannot open ${path}: ${reason.replace(' or directory', '')}`,
  cannotCreate: (path, reason) => `cannot create ${path}: ${reason}`,
  unset: name => `${name}: parameter not set`,
  readonly: name => `${name}: is read only`,
  syntax: (token, where) => {
    const what = token === null ? 'end of file' : `"${token}"`;
    return `${plain.prefix(where)}Syntax error: ${what} unexpected`;
  },
};

export const DIALECTS = { ksh93, bash, plain } as const;
