// What a host is really sent: whose rights, which variables, how long it may take, and what of its answer is kept.
import { expect } from 'chai';
import type { Action } from '../../src/model/action.ts';
import { type Command, ok, refused } from '../../src/model/command.ts';
import type { Told } from '../../src/model/event.ts';
import { actionId, hostName, runId, stepName, taskId } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ExecOptions, Host } from '../../src/model/ports.ts';
import { doerFor } from '../../src/run/doer.ts';
import { type OpenSecret, openSecretIn } from '../../src/text/open-secret.ts';
import { SecretForms } from '../../src/text/secret-forms.ts';
import { play, planOf } from './program.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import { Berths } from '../../src/run/berths.ts';

const home = hostName('nacaozumbi');
const peer = hostName('bjork');

interface Options {
  readonly plan?: Plan;
  readonly action?: Partial<Action>;
  readonly limitMs?: number;
  readonly told?: (told: Told) => Promise<void>;
  /** What the host says before it ends, in one piece or several, and how it ends. */
  readonly says?: string | readonly string[];
  readonly code?: number;
  readonly isLost?: boolean;
  readonly openSecret?: OpenSecret;
}

const action: Action = {
  ...{ id: actionId(taskId('toy/1.t1'), null, { is: 'host', host: home }), task: taskId('toy/1.t1') },
  ...{ lane: { is: 'host', host: home }, on: home, step: stepName('toy.set'), args: {} },
  ...{ become: { method: 'sudo', user: 'root' }, environment: { TERM: 'vt100' }, limitMs: null, hidden: false },
};

function connected(connections: Readonly<Record<string, Partial<Connection>>> = {}): Plan {
  const plan = planOf([play([home, peer], [])]);
  const hosts = Object.entries(plan.hosts).map(([name, host]) => {
    return [name, { ...host, connection: { ...host.connection, ...connections[name] } }] as const;
  });
  return { ...plan, hosts: Object.fromEntries(hosts) };
}

/** A doer, and what its hosts were sent. */
function seat(options: Options = {}) {
  const sent: { readonly to: string; readonly line: string; readonly options: ExecOptions }[] = [];
  const clock = { monotonic: 5_000, slept: [] as (readonly [number, number])[] };
  const host = (name: typeof home): Host => ({
    ...{ name, close: () => Promise.resolve(), reconnect: () => Promise.resolve({ is: 'ok', value: null }) },
    ...{
      read: () => Promise.resolve({ is: 'ok', value: null }),
      write: () => Promise.resolve({ is: 'ok', value: null }),
    },
    exec(line, given) {
      sent.push({ to: name, line, options: given });
      const pieces = [options.says ?? ''].flat();
      for (const piece of pieces) given.onOutput?.('out', piece);
      const text = { out: pieces.join(''), err: '' };
      return Promise.resolve(
        options.isLost ? { is: 'lost', ...text } : { is: 'exited', code: options.code ?? 0, ...text },
      );
    },
  });
  const reach: Parameters<typeof doerFor>[0] = {
    ...{ plan: options.plan ?? connected(), run: runId('0000beef'), hosts: host },
    clock: {
      now: () => 1_000_000,
      monotonicMs: () => clock.monotonic,
      sleep: (ms, scale) => {
        clock.slept.push([ms, scale]);
        return Promise.resolve();
      },
    },
    keep: { put: () => Promise.resolve(''), get: () => Promise.resolve(null) },
    localFile: () => Promise.resolve(null),
    toldOutput: () => [],
    post: () => Promise.resolve({ is: 'not-sent', why: 'there is no network here' }),
    fetched: { read: () => Promise.resolve(null), write: () => Promise.resolve('there is no disk here') },
    ledger: () => ({
      away: [],
      perhaps: [],
      stayed: [],
      stays: [],
      formerTargets: [],
      unread: [],
      window: () => 'own',
    }),
    stopping: () => false,
    abort: new AbortController().signal,
    berths: new Berths(NO_LIMITS, []),
    tell: options.told ?? (() => Promise.resolve()),
    openSecret: options.openSecret ?? (() => 0),
  };
  const doer = doerFor(reach, { ...action, ...options.action }, options.limitMs ?? 60_000);
  return { doer, sent, clock, lines: () => sent.map(one => `${one.to}: ${one.line}`) };
}

const command = (more: Partial<Command<string>> = {}): Command<string> => ({
  ...{ argv: ['/usr/sbin/zoneadm', 'list'], changes: false, runAs: 'become', readBy: 'us', stdin: '' },
  read: ended => (ended.is === 'exited' && ended.code === 0 ? ok(ended.out) : refused('no')),
  ...more,
});
const changing = command({ changes: true });

describe('a command', () => {
  it('runs with the rights and the variables of its task', async () => {
    const { doer, lines } = seat();
    await doer.ask(command());
    await doer.do(changing);
    const [looked, ...did] = lines();
    expect(looked).to.match(/^nacaozumbi: .*sudo .* -u root .* \/usr\/bin\/env TERM=vt100 \/usr\/sbin\/zoneadm list$/);
    expect(did).to.deep.equal([looked]);
  });

  it('that needs no rights runs as the one who logged in', async () => {
    const { doer, lines } = seat();
    await doer.ask(command({ runAs: 'login' }));
    expect(lines()).to.deep.equal(['nacaozumbi: LC_ALL=C TERM=vt100 /usr/sbin/zoneadm list']);
  });

  it('on another host has the rights that its connection gives there, and none of the task’s variables', async () => {
    const plan = connected({ bjork: { become: { method: 'pfexec', user: '' } } });
    const { doer, lines } = seat({ plan });
    await doer.peer(peer).ask(command());
    expect(lines()).to.deep.equal(['bjork: LC_ALL=C /usr/bin/pfexec /usr/sbin/zoneadm list']);
  });

  it('has the rights of its task again on the way back from another host', async () => {
    const { doer, lines } = seat({ action: { environment: {} } });
    await doer.peer(peer).peer(home).ask(command());
    const [line, ...more] = lines();
    expect(line).to.match(/^nacaozumbi: .*sudo .* -u root .* \/usr\/sbin\/zoneadm list$/);
    expect(more).to.deep.equal([]);
  });

  it('that changes something is never sent by a look', () => {
    const { doer, lines } = seat();
    expect(() => void doer.ask(changing)).to.throw('toy.set looks with a command that changes: /usr/sbin/zoneadm list');
    expect(lines()).to.deep.equal([]);
  });

  it('gets what it is to read', async () => {
    const { doer, sent } = seat();
    await doer.do(command({ stdin: 'nämlich' }));
    expect(new TextDecoder().decode(sent[0]?.options.stdin)).to.equal('nämlich');
  });
});

describe('the time of a host', () => {
  const fast = connected({ nacaozumbi: { timeScale: 120 }, bjork: { timeScale: 7 } });
  const limits = (of: ReturnType<typeof seat>) => of.sent.map(one => one.options.limitMs);

  it('limits a command as its action is limited, or as it says itself', async () => {
    const real = seat();
    await real.doer.ask(command());
    await real.doer.ask(command(), { limitMs: 1_500 });
    expect(limits(real)).to.deep.equal([60_000, 1_500]);
  });

  it('is shorter for us where a host’s clock runs faster, on each host by its own, never less than a millisecond', async () => {
    const simulated = seat({ plan: fast });
    await simulated.doer.ask(command());
    await simulated.doer.ask(command(), { limitMs: 1 });
    await simulated.doer.peer(peer).ask(command(), { limitMs: 1_000 });
    expect(limits(simulated)).to.deep.equal([500, 1, 143]);
    const none = seat();
    await none.doer.ask(command(), { limitMs: 0 });
    expect(limits(none)).to.deep.equal([1]);
  });

  it('is our own for a host that the plan says nothing of', async () => {
    const { doer, sent, clock } = seat({ plan: fast });
    const unheardOf = doer.peer(hostName('evac1'));
    await unheardOf.ask(command());
    await unheardOf.sleep(1_000);
    expect(sent[0]?.line).to.equal('LC_ALL=C /usr/sbin/zoneadm list');
    expect([sent[0]?.options.limitMs, clock.slept]).to.deep.equal([60_000, [[1_000, 1]]]);
  });

  it('passes as fast as its clock, from the moment the action got its turn', async () => {
    const { doer, clock } = seat({ plan: fast });
    expect(doer.now()).to.equal(1_000_000);
    clock.monotonic += 10;
    expect(doer.now()).to.equal(1_001_200);
    await doer.sleep(5_000);
    expect(clock.slept).to.deep.equal([[5_000, 120]]);
  });
});

describe('what a host says', () => {
  it('while something is changed goes to the journal as it comes, and is there before the answer is', async () => {
    const told: Told[] = [];
    let durable = 0;
    const slow = async (one: Told): Promise<void> => {
      told.push(one);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      durable += 1;
    };
    const heard: string[] = [];
    const { doer } = seat({ says: '3 of 7', told: slow });
    await doer.do(changing, { onOutput: (_, text) => void heard.push(text) });
    expect(durable).to.equal(1);
    expect(told).to.deep.equal([{ type: 'output', action: action.id, on: home, stream: 'out', text: '3 of 7' }]);
    expect(heard).to.deep.equal(['3 of 7']);
  });

  describe('where a secret may begin, is told together with its end', () => {
    const openSecret = openSecretIn(new SecretForms(['Sup3rSecret!']));
    const toldOf = async (options: Options) => {
      const told: string[] = [];
      const heard: string[] = [];
      const tell = async (one: Told) => void (one.type === 'output' && told.push(one.text));
      const { doer } = seat({ openSecret, ...options, told: tell });
      await doer.do(changing, { onOutput: (_, text) => void heard.push(text) });
      return { told, heard };
    };

    it('and nothing else waits; who asked for it hears it at once', async () => {
      const says = ['1 of 3\n', 'pw=Sup3rS', 'ecr', 'et! ok\n', '3 of 3\n'];
      const { told, heard } = await toldOf({ says });
      expect(told).to.deep.equal(['1 of 3\n', 'pw=', 'Sup3rSecret! ok\n', '3 of 3\n']);
      expect(heard).to.deep.equal(says);
    });

    it('or at the end of the command, or of its connection', async () => {
      for (const isLost of [false, true])
        expect((await toldOf({ says: ['pw=Sup3rS'], isLost })).told).to.deep.equal(['pw=', 'Sup3rS']);
    });
  });

  it('to a look goes to who asked alone', async () => {
    const told: Told[] = [];
    const heard: string[] = [];
    const { doer } = seat({ says: 'running', told: async one => void told.push(one) });
    await doer.ask(command(), { onOutput: (_, text) => void heard.push(text) });
    await doer.ask(command());
    expect([told, heard]).to.deep.equal([[], ['running']]);
  });

  it('from a hidden task to a person is not told, its warnings are', async () => {
    const told: Told[] = [];
    const { doer } = seat({ told: async one => void told.push(one), action: { hidden: true } });
    await doer.tell({ type: 'noted', level: 'note', text: 'the secret itself' });
    await doer.tell({ type: 'noted', level: 'warning', text: 'evac1 stays' });
    expect(told.map(one => one.type === 'noted' && one.level)).to.deep.equal(['warning']);
  });

  it('to a hidden task goes nowhere', async () => {
    const told: Told[] = [];
    const heard: string[] = [];
    const hidden = seat({ says: 'secret', told: async one => void told.push(one), action: { hidden: true } });
    await hidden.doer.do(changing, { onOutput: (_, text) => void heard.push(text) });
    expect([told, heard]).to.deep.equal([[], ['secret']]);
  });
});

describe('a refusal', () => {
  const words = async (of: ReturnType<typeof seat>): Promise<string> => {
    const found = await of.doer.ask(command({ argv: ['/usr/bin/passwd', '-s', 'two words'] }));
    return found.is === 'no' ? found.refusal.command : found.is;
  };

  it('names the command as a person would type it', async () => {
    expect(await words(seat({ code: 1 }))).to.equal("/usr/bin/passwd -s 'two words'");
  });

  it('of a hidden task names the program alone', async () => {
    expect(await words(seat({ code: 1, action: { hidden: true } }))).to.equal('/usr/bin/passwd');
  });
});

describe('a step', () => {
  it('tells what changes in a file when that is asked for, and never of a hidden task', () => {
    const asks = (diff: boolean): Plan => ({ ...connected(), options: { ...connected().options, diff } });
    const tells = (diff: boolean, hidden: boolean) => seat({ plan: asks(diff), action: { hidden } }).doer.diff;
    expect([tells(true, false), tells(true, true), tells(false, false), tells(false, true)]).to.deep.equal([
      ...[true, false, false, false],
    ]);
  });

  it('knows every host of the run, and where its own action is', () => {
    const { doer } = seat();
    expect(doer.fleet).to.deep.equal([home, peer]);
    expect([doer.host, doer.peer(peer).host]).to.deep.equal([home, peer]);
    expect(doer.peer(peer).action).to.equal(action.id);
  });
});

describe('a program that refuses its user', () => {
  it('is told with the rights profile that the user lacks, and how to grant it', async () => {
    const says = 'sysadm: insufficient privileges';
    const plan = connected({ [home]: { user: 'maint' } });
    const { doer } = seat({ plan, says, code: 1, action: { become: { method: 'pfexec', user: '' } } });
    const maintain: Command<null> = {
      ...{ argv: ['/usr/sbin/sysadm', 'maintain', '-s'], changes: true, runAs: 'become', readBy: 'us', stdin: '' },
      read: ended => refused(ended.out),
    };
    const got = await doer.do(maintain);
    expect(got.is === 'no' && got.refusal).to.include({
      why: `${says}; user maint lacks profile "Maintenance and Repair"; usermod -P +"Maintenance and Repair" maint`,
    });
  });
});
