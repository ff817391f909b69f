// Keys that an agent holds for us: which ones there are, and an agent of ours that shows a host only some of them, in an
// order of our own. Certificates and keys on tokens are left out by the SSH library: they are for the system's own ssh.
import type ssh2 from 'ssh2';
import type {
  BaseAgent,
  GetStreamCallback,
  IdentityCallback,
  OpenSSHAgent,
  ParsedKey,
  SigningRequestOptions,
  SignCallback,
} from 'ssh2';
import type { Agent } from '../../model/inventory.ts';
import { atHome } from '../files.ts';

type Ssh2 = Pick<typeof ssh2, 'OpenSSHAgent' | 'BaseAgent'>;

export type Held =
  | { readonly is: 'keys'; readonly keys: readonly ParsedKey[]; readonly agent: OpenSSHAgent }
  | { readonly is: 'none' }
  | { readonly is: 'silent'; readonly why: string };

function socketOf(agent: Agent): string | null {
  switch (agent.is) {
    case 'none':
      return null;
    case 'environment':
      return process.env[agent.variable] || null;
    case 'socket':
      return atHome(agent.path);
    default:
      throw new Error(`not an agent: ${JSON.stringify(agent satisfies never)}`);
  }
}

/** @param limitMs one that doesn't answer within it is silent, and no login waits for its signature longer */
export async function heldBy(which: Agent, limitMs: number, { OpenSSHAgent }: Ssh2): Promise<Held> {
  const socket = socketOf(which);
  if (socket === null) return { is: 'none' };
  const agent = new (class extends OpenSSHAgent {
    override getStream(answer: GetStreamCallback): void {
      super.getStream((error, stream) => {
        const late = setTimeout(() => stream?.destroy(), limitMs);
        stream?.on('close', () => clearTimeout(late));
        answer(error, stream);
      });
    }
  })(socket);
  return new Promise(resolve => {
    agent.getIdentities((error, keys) => {
      if (error || keys === undefined) resolve({ is: 'silent', why: `the agent at ${socket} doesn't answer` });
      else resolve({ is: 'keys', keys: keys.flatMap(key => ('getPublicSSH' in key ? [key] : [])), agent });
    });
  });
}

type AnyKey = ParsedKey | Buffer | string;

export function showing(keys: readonly ParsedKey[], of: OpenSSHAgent, { BaseAgent: Base }: Ssh2): BaseAgent {
  return new (class extends Base {
    override getIdentities(answer: IdentityCallback): void {
      answer(null, [...keys]);
    }

    override sign(
      key: AnyKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      answer?: SignCallback,
    ): void {
      if (typeof options === 'function') of.sign(key, data, options);
      else of.sign(key, data, options, answer);
    }
  })();
}
