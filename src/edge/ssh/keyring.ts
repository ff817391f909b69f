// The keys to log in with, in OpenSSH's order: of the identity files those that an agent holds, then what else it holds,
// then the files themselves. A passphrase is asked for only where a login has no other key, and once.
import type ssh2 from 'ssh2';
import type { BaseAgent, ParsedKey } from 'ssh2';
import type { Hop } from '../../model/inventory.ts';
import type { Secret } from '../../text/secret.ts';
import { atHome } from '../files.ts';
import { heldBy, showing } from './agent.ts';
import { type KeyFile, readKeyFile, unlocked } from './key-file.ts';

/** @param wrong the answer before was not it. null: nobody is there to be asked, or doesn't know it. */
export type AskPassphrase = (path: string, wrong: boolean) => Promise<Secret | null>;

export interface Identity {
  readonly agent: BaseAgent | null;
  readonly files: readonly { readonly path: string; readonly key: ParsedKey }[];
  /** What the host is shown, for messages. */
  readonly tried: readonly string[];
  /** Why others aren't shown. */
  readonly left: readonly string[];
}

export interface Keyring {
  /** Without any key it says why. */
  of(hop: Hop): Promise<Identity | string>;
}

type Ssh2 = typeof ssh2;
type Locked = KeyFile & { readonly is: 'locked' };

const USUAL = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'] as const;
const TRIES = 3;

const sameKey = (a: ParsedKey, b: ParsedKey): boolean => a.getPublicSSH().equals(b.getPublicSSH());
const halfOf = (file: KeyFile): ParsedKey | null => (file.is === 'none' ? null : file.key);

export const nobody: AskPassphrase = () => Promise.resolve(null);

export function newKeyring(ask: AskPassphrase): Keyring {
  const read = new Map<string, KeyFile>();
  const opened = new Map<string, Promise<KeyFile | null>>();
  // One question at a time, whoever needs the answer.
  let asking: Promise<unknown> = Promise.resolve();

  /** Files are read once: a run doesn't change its keys on its way. */
  async function fileAt(path: string, { utils }: Ssh2): Promise<KeyFile> {
    const known = read.get(path);
    if (known !== undefined) return known;
    const file = await readKeyFile(path, utils.parseKey);
    if (file.is !== 'none') read.set(path, file);
    return file;
  }

  function unlock(file: Locked, { utils }: Ssh2): Promise<KeyFile | null> {
    const before = opened.get(file.path);
    if (before !== undefined) return before;
    const now = asking.then(async () => {
      for (let n = 0; n < TRIES; n++) {
        const passphrase = await ask(file.path, n > 0);
        if (passphrase === null) return null;
        const key = unlocked(file, passphrase, utils.parseKey);
        if (key !== null) read.set(file.path, key);
        if (key !== null) return key;
      }
      return null;
    });
    asking = now;
    opened.set(file.path, now);
    return now;
  }

  return {
    async of(hop) {
      const library = (await import('ssh2')).default;
      const paths = (hop.identityFiles ?? USUAL).map(atHome);
      const files = await Promise.all(paths.map(path => fileAt(path, library)));
      // An agent has nothing to add to keys that are all there and alone count.
      const complete = hop.identitiesOnly && files.every(file => file.is === 'key');
      const held = complete ? ({ is: 'none' } as const) : await heldBy(hop.agent, hop.connectTimeoutMs, library);
      const agent = held.is === 'keys' ? chosenOf(held.keys, files, hop.identitiesOnly) : [];
      const isHeld = (key: ParsedKey | null): boolean => key !== null && agent.some(one => sameKey(one, key));
      let own = files.flatMap(file => (file.is === 'key' && !isHeld(file.key) ? [file] : []));
      const locked = files.flatMap(file => (file.is === 'locked' && !isHeld(file.key) ? [file] : []));
      if (agent.length === 0 && own.length === 0) {
        const wanted = hop.identityFiles === null ? locked.slice(0, 1) : locked;
        const keys = await Promise.all(wanted.map(file => unlock(file, library)));
        own = keys.flatMap(file => (file?.is === 'key' ? [file] : []));
      }
      const silent = held.is === 'silent' ? [held.why] : [];
      const left = [
        ...silent,
        ...whyNot(files, hop, key => own.some(file => file.path === key.path) || isHeld(halfOf(key))),
      ];
      if (agent.length === 0 && own.length === 0) return noKey(left);
      return {
        agent: held.is === 'keys' && agent.length > 0 ? showing(agent, held.agent, library) : null,
        files: own,
        tried: [...agent.map(key => `the agent's ${key.comment || key.type}`), ...own.map(file => file.path)],
        left,
      };
    },
  };
}

function chosenOf(held: readonly ParsedKey[], files: readonly KeyFile[], only: boolean): readonly ParsedKey[] {
  const named = files.flatMap(file => {
    const half = halfOf(file);
    return held.filter(key => half !== null && sameKey(key, half));
  });
  return only ? named : [...named, ...held.filter(key => !named.includes(key))];
}

/** Of files that nobody named it is no wonder that they aren't there. */
function whyNot(files: readonly KeyFile[], hop: Hop, isUsed: (file: KeyFile) => boolean): readonly string[] {
  return files.flatMap(file => {
    if (isUsed(file)) return [];
    switch (file.is) {
      case 'none':
        return file.there || hop.identityFiles !== null ? [file.why] : [];
      case 'locked':
        return [`${file.path} is encrypted: give it to an agent with ssh-add, or its passphrase at a terminal`];
      case 'public':
        return [`${file.path} holds a public key, not a private one, and no agent holds that`];
      default:
        return [];
    }
  });
}

function noKey(left: readonly string[]): string {
  const why = left.length > 0 ? left.join('; ') : `there is no agent and none of ${USUAL.join(', ')}`;
  return `no key to log in with: ${why}`;
}
