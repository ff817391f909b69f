// ssh from one simulated host to another. Keys and known hosts are the world's (sim/world/trust.ts); nobody is there to
// answer a question, so whatever would ask, fails. Texts: OpenSSH.
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { knownHost, loginProblem } from '../world/trust.ts';
import type { Login, LoginProblem } from '../world/trust.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';

const SPEC = '46AaCfGgKkMNnqsTtVvXxYyB:b:c:D:E:e:F:I:i:J:L:l:m:O:o:p:Q:R:S:W:w:';
const LOST = 255;

interface Wanted {
  readonly login: Login;
  readonly command: string;
  readonly noInput: boolean;
  readonly accepts: boolean;
}

function parse(here: Here, proc: Proc, argv: readonly string[]): Wanted | null {
  const first = getopts(argv.slice(1), SPEC);
  const [dest, ...after] = first.rest;
  if (first.bad !== null || dest === undefined) return null;
  const second = getopts(after, SPEC);
  if (second.bad !== null) return null;
  const settings = [...(first.given.get('o') ?? []), ...(second.given.get('o') ?? [])].map(o => o.toLowerCase());
  const [, user, name = ''] = /^(?:ssh:\/\/)?(?:([^@]+)@)?([^@:/]+)/.exec(dest) ?? [];
  const as = user ?? optionOf(first, 'l') ?? optionOf(second, 'l') ?? proc.user;
  return {
    login: { from: here.host, user: proc.user, toName: name, as },
    command: second.rest.join(' '),
    noInput: first.given.has('n') || second.given.has('n'),
    accepts: settings.some(o => /^stricthostkeychecking[= ](no|off|accept-new)$/.test(o)),
  };
}

function words(problem: LoginProblem, login: Login): string {
  const { toName, as } = login;
  switch (problem) {
    case 'unknown-name':
      return `ssh: Could not resolve hostname ${toName}: node name or service name not known`;
    case 'timeout':
      return `ssh: connect to host ${toName} port 22: Connection timed out`;
    case 'refused':
      return `ssh: connect to host ${toName} port 22: Connection refused`;
    case 'unknown-key':
      return `No ED25519 host key is known for ${toName} and you have requested strict checking.\nHost key verification failed.`;
    case 'changed-key':
      return `${CHANGED}\nHost key verification failed.`;
    case 'denied':
      return `${as}@${toName}: Permission denied (gssapi-keyex,gssapi-with-mic,publickey,keyboard-interactive).`;
  }
}

const BAR = '@'.repeat(59);
const CHANGED = `${BAR}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n${BAR}`;
const TIMEOUT_MS = 10_000;

async function connect(here: Here, proc: Proc, wanted: Wanted): Promise<LoginProblem | null> {
  const { fleet, host } = here;
  await proc.clock.sleep(30);
  const problem = loginProblem(fleet, wanted.login);
  const to = fleet.find(wanted.login.toName);
  if (problem === 'timeout') await proc.clock.sleep(TIMEOUT_MS);
  if (problem !== 'unknown-key' || !wanted.accepts || to === null) return problem;
  const line = knownHost(proc.user, wanted.login.toName, activeBe(to).hostKey);
  fleet.change({ what: 'host-key-accepted', host: host.name }, () => {
    const be = activeBe(host);
    be.knownHosts = new Set([...be.knownHosts, line]);
  });
  return loginProblem(fleet, wanted.login);
}

export const ssh: HostProgram = async (here, proc, argv) => {
  const wanted = parse(here, proc, argv);
  if (wanted === null) {
    await proc.err(
      'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-o option] [-p port] destination [command [argument ...]]\n',
    );
    return LOST;
  }
  const problem = await connect(here, proc, wanted);
  if (problem !== null) {
    await proc.err(`${words(problem, wanted.login)}\n`);
    return LOST;
  }
  const machine = here.fleet.find(wanted.login.toName)?.machine ?? null;
  const execution = machine?.exec(wanted.command === '' ? 'true' : wanted.command, {
    user: wanted.login.as,
    onOut: bytes => proc.out(bytes),
    onErr: bytes => proc.err(bytes),
  });
  if (execution === null || execution === undefined) return LOST;
  if (wanted.noInput) execution.input(null);
  else void forward(proc, bytes => execution.input(bytes));
  const ending = await execution.ended;
  if (ending.is === 'exited') return ending.status;
  await proc.err(`Connection to ${wanted.login.toName} closed by remote host.\n`);
  return LOST;
};

async function forward(proc: Proc, input: (bytes: Uint8Array | null) => void): Promise<void> {
  input(await proc.readAll());
  input(null);
}
