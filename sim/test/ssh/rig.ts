// A door on a free port with a small fake machine behind it, and a client for it. The machine knows a handful of
// commands, each for one claim about the SSH side; it is no shell.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { Client, ClientChannel, ConnectConfig, ServerChannel } from 'ssh2';
import type { Ending, ExecOptions, Execution, Machine } from '../../os/program.ts';
import { Door } from '../../ssh/door.ts';
import type { KeyPair } from '../../ssh/keys.ts';
import { makeKeyPair, parseKey } from '../../ssh/keys.ts';

interface FakeCall {
  readonly command: string;
  readonly options: ExecOptions;
  readonly input: Buffer[];
  readonly signals: string[];
  isInputClosed: boolean;
  isDetached: boolean;
  /** What the machine answers when asked for room. */
  hungry: Promise<void>;
  end(ending: Ending): void;
}

type Script = (call: FakeCall) => void | Promise<void>;

const bytes = (text: string): Uint8Array => Buffer.from(text);

const SCRIPTS: Readonly<Record<string, Script>> = {
  hang: () => {},
  async both(call) {
    await call.options.onOut(bytes('to out\n'));
    await call.options.onErr(bytes('to err\n'));
    call.end({ is: 'exited', status: 3 });
  },
  killed: call => call.end({ is: 'signalled', signal: 'TERM' }),
  gone: call => call.end({ is: 'gone' }),
  async env(call) {
    await call.options.onOut(bytes(JSON.stringify(call.options.env)));
    call.end({ is: 'exited', status: 0 });
  },
};

class FakeMachine {
  readonly calls: FakeCall[] = [];
  readonly scripts = new Map<string, Script>(Object.entries(SCRIPTS));
  readonly #watchers: (() => void)[] = [];
  isUp = true;

  exec(command: string, options: ExecOptions): Execution | null {
    if (!this.isUp) return null;
    let end: (ending: Ending) => void = () => {};
    const ended = new Promise<Ending>(resolve => {
      end = resolve;
    });
    const call: FakeCall = {
      command,
      options,
      input: [],
      signals: [],
      isInputClosed: false,
      isDetached: false,
      hungry: Promise.resolve(),
      end,
    };
    this.calls.push(call);
    void this.scripts.get(command)?.(call);
    this.#changed();
    return {
      ended,
      input: piece => {
        if (piece === null) call.isInputClosed = true;
        else call.input.push(Buffer.from(piece));
        this.#changed();
      },
      hungry: () => call.hungry,
      detach: () => {
        call.isDetached = true;
        this.#changed();
      },
      signal: name => {
        call.signals.push(name);
        this.#changed();
      },
    };
  }

  /** Resolves when the condition holds, looked at after each thing that reaches the machine. */
  until(holds: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        if (holds()) resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }
}

export interface Rig {
  readonly machine: FakeMachine;
  readonly door: Door;
  readonly config: ConnectConfig;
  hostKey: KeyPair;
  connect(config?: ConnectConfig): Promise<Client>;
  close(): void;
}

const userKey = makeKeyPair('tester');

export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export type ServeSftp = (user: string, channel: ServerChannel) => () => void;

export async function makeRig(sftp: ServeSftp = () => () => {}): Promise<Rig> {
  const machine = new FakeMachine();
  const port = await freePort();
  const clients: Client[] = [];
  const config: ConnectConfig = { host: '127.0.0.1', port, username: 'root', privateKey: userKey.privateText };
  const rig: Rig = {
    machine,
    config,
    hostKey: makeKeyPair('first'),
    door: new Door(
      {
        machine: machine as unknown as Machine,
        hasUser: user => user === 'root',
        hostKey: () => rig.hostKey,
        sftp,
      },
      { address: '127.0.0.1', port, key: parseKey(userKey.publicText) },
    ),
    async connect(more = {}) {
      const client = await connected({ ...config, ...more });
      clients.push(client);
      return client;
    },
    close() {
      for (const client of clients) client.destroy();
      rig.door.shut();
      rig.door.cut();
    },
  };
  await rig.door.open();
  return rig;
}

export function connected(config: ConnectConfig): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('connect', () => client.setNoDelay(true));
    client.on('ready', () => resolve(client));
    client.on('error', reject);
    client.connect(config);
  });
}

export interface Run {
  readonly status: number | undefined;
  readonly signal: string | undefined;
  readonly out: string;
  readonly err: string;
}

export function opened(client: Client, command: string, options = {}): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, options, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

/** Reads a channel to its close. */
export function collect(channel: ClientChannel): Promise<Run> {
  const pieces = { out: '', err: '' };
  channel.on('data', (piece: Buffer) => (pieces.out += piece.toString()));
  channel.stderr.on('data', (piece: Buffer) => (pieces.err += piece.toString()));
  return new Promise(resolve => {
    channel.on('close', (code: number | null | undefined, signal: string | undefined) =>
      resolve({ status: code ?? undefined, signal, ...pieces }),
    );
  });
}

export async function run(client: Client, command: string, options = {}): Promise<Run> {
  return collect(await opened(client, command, options));
}

export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('did not fail');
}
