// The seam between the simulated machine (kernel, shell, utilities: nothing of Solaris) and the programs that a
// world puts on it (zoneadm, pkg, ...: nothing of pipes and processes). Types only.

/** Host time. `now` is epoch milliseconds as the host's own clock shows it; it may be skewed, jump, or stand still until told. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` of host time. A killed process never resumes from it. */
  sleep(ms: number): Promise<void>;
}

/** One running process, as the program inside it sees it. Every call belongs to that process and ends with it. */
export interface Proc {
  readonly pid: number;
  readonly user: string;
  readonly uid: number;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly clock: Clock;
  /** True when standard output is a terminal. */
  readonly tty: boolean;
  /** Writes to descriptor 1 (2 for `err`); waits while the reader is slow; text goes out as UTF-8. */
  out(text: string | Uint8Array): Promise<void>;
  err(text: string | Uint8Array): Promise<void>;
  /** The next line of standard input without its newline, or null at its end. Takes no byte more than the line. */
  readLine(): Promise<string | null>;
  readAll(): Promise<Uint8Array>;
  readonly files: ProcFiles;
  /** Runs a shell command line as a child with this process's descriptors, and gives its exit status. */
  run(command: string): Promise<number>;
}

/** The file tree as a process sees it: relative paths start at its cwd, permissions and umask are its user's. Errors are `FileError`. */
export interface ProcFiles {
  read(path: string): Uint8Array;
  write(path: string, bytes: Uint8Array, mode?: number): void;
  exists(path: string): boolean;
  list(dir: string): readonly string[];
}

/** A program: argv[0] is the name it was called by; the result is the exit status, 0 to 255. */
export type Program = (proc: Proc, argv: readonly string[]) => Promise<number>;

/** How a command on a machine ended, seen from outside (as an SSH server reports it). */
export type Ending =
  | { readonly is: 'exited'; readonly status: number }
  | { readonly is: 'signalled'; readonly signal: string }
  /** The machine went down under it: no status will ever come. */
  | { readonly is: 'gone' };

export interface Execution {
  readonly ended: Promise<Ending>;
  /** One more piece of standard input; null closes it. */
  input(bytes: Uint8Array | null): void;
  /** Resolves when the process has taken so much of its input that more may come; at once when nobody reads any more. */
  hungry(): Promise<void>;
  /** The reader's end is gone: later writes of the process get SIGPIPE. No SIGHUP without a terminal. */
  detach(): void;
  signal(name: string): void;
}

export interface ExecOptions {
  readonly user: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
  /** Called in order; when it returns a promise the writer waits for it. */
  readonly onOut: (bytes: Uint8Array) => void | Promise<void>;
  readonly onErr: (bytes: Uint8Array) => void | Promise<void>;
}

export interface ProcessLine {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  /** The whole command line, arguments joined by blanks. */
  readonly command: string;
}

/** What lies under a path after a reboot: `root` belongs to one boot environment, `shared` to all, `volatile` to nobody. */
export interface Machine {
  readonly name: string;
  readonly isUp: boolean;
  /** Runs a command line through the user's login shell, as sshd does. Null when the machine is down. */
  exec(command: string, options: ExecOptions): Execution | null;
  processes(): readonly ProcessLine[];
  kill(pid: number, signal: string): boolean;
  /** Power off at once: every process is gone without a word, volatile mounts are empty. */
  halt(): void;
  /** Comes up with the file tree of that name as its root. */
  boot(root: string): void;
  readonly trees: Trees;
}

/** Named root file trees, one for each boot environment, copy on write. */
export interface Trees {
  clone(from: string, to: string): void;
  drop(name: string): void;
  /** Reads or writes a file in a tree that isn't mounted as root (for a mounted boot environment). */
  read(tree: string, path: string): Uint8Array | null;
  write(tree: string, path: string, bytes: Uint8Array, mode?: number): void;
}

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  /** A path of a shell: /usr/bin/bash, /bin/sh, ... */
  readonly shell: string;
}

/** As connect(3SOCKET) and getaddrinfo(3SOCKET) tell. */
export type Connected = 'open' | 'refused' | 'no-answer' | 'unknown-name';
export type Connects = (name: string, port: number) => Connected;

export interface MachineOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly accounts: readonly Account[];
  /** Programs by absolute path. Looked up anew at each start, so it may be a live view. */
  readonly programs: ReadonlyMap<string, Program>;
  /** PATH of a command that sshd starts. */
  readonly path: string;
  readonly root: string;
  /** What a connection from here to a TCP port comes to; without it nobody listens anywhere. */
  readonly connects?: Connects;
  /** Files to begin with, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
}
