// The long commands of the shipped playbooks over real SSH, the whole program in a process of its own: the line is cut,
// or the program is killed, while pkg update or sysadm evacuate is at work on the host. It runs once, and its end is known.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage } from '../cli/stage.ts';
import { PAIR } from '../laws/fleets.ts';

const HOST = 'nacaozumbi';
/** Half an hour of a host is fifteen seconds here: time enough for a kill in the middle. */
const SPEED = '120';

interface Work {
  readonly playbook: string;
  /** The action, and what its command says in the middle of its work. */
  readonly step: string;
  readonly middle: RegExp;
  readonly begun: { readonly updates: number; readonly evacuations: number };
}

const WORKS: Readonly<Record<string, Work>> = {
  'pkg update': {
    playbook: 'playbooks/update.yml',
    step: 'be.update',
    middle: /Download|Planning|Startup/,
    begun: { updates: 1, evacuations: 0 },
  },
  'sysadm evacuate': {
    playbook: 'playbooks/evacuate.yml',
    step: 'zones.evacuate',
    middle: /Move the zones \.\.\.[\s\S]*migrating/,
    begun: { updates: 0, evacuations: 1 },
  },
};

interface Line {
  readonly type: string;
  readonly action?: unknown;
  readonly born?: unknown;
  readonly outcome?: string;
  readonly stream?: string;
  readonly text?: string;
  readonly of?: { readonly folder: string; readonly upTo: number };
}

describe('a long command over real SSH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zf-pair-'));
  const fleet = join(folder, 'pair.yaml');
  let stage: Stage;
  before(() => writeFileSync(fleet, PAIR));
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    stage = await openStage('--fleet', fleet, '--speed', SPEED);
  });
  afterEach(() => stage.close());

  const runId = (): string => readdirSync(join(stage.dir, 'state', 'runs'))[0] ?? '';

  function journal(): readonly Line[] {
    const text = readFileSync(join(stage.dir, 'state', 'runs', runId(), 'journal.jsonl'), 'utf8').trim();
    return text.split('\n').map(line => JSON.parse(line) as Line);
  }

  /** Of each stream of each long command: how many bytes of it were told, and how many it had by then. */
  function told(): readonly (readonly [number, number])[] {
    const sums = new Map<string, readonly [number, number]>();
    for (const { stream, text, of } of journal()) {
      if (of === undefined) continue;
      const name = `${of.folder} ${stream}`;
      sums.set(name, [(sums.get(name)?.[0] ?? 0) + Buffer.byteLength(text ?? ''), of.upTo]);
    }
    return [...sums.values()];
  }

  /** How the actions of that step ended that had begun. */
  function ends(step: string): readonly string[] {
    const lines = journal();
    const begun = lines.flatMap(({ type, action }) => {
      const { id, step: of } = (action ?? {}) as { readonly id?: string; readonly step?: string };
      return type === 'action-started' && of === step ? [id] : [];
    });
    return lines.flatMap(({ type, action, outcome }) =>
      type === 'action-ended' && begun.includes(action as string) ? [outcome ?? ''] : [],
    );
  }

  const words = ({ playbook }: Work): readonly string[] => ['run', playbook, '--limit', HOST, '--yes', '-v'];

  for (const [name, work] of Object.entries(WORKS)) {
    it(`${name} costs a cut line nothing: it runs once, and its end is known`, async () => {
      const child = await stage.start(words(work), work.middle);
      stage.cut(HOST);
      const said = await child.ended;
      expect(said.code, said.err + said.out).to.equal(0);
      expect(stage.begun(HOST)).to.deep.equal(work.begun);
      expect(ends(work.step).at(-1)).to.equal('changed');
    });

    it(`${name} outlives the program that began it: resumed, it has run once, and its end is known`, async () => {
      const child = await stage.start(words(work), work.middle);
      child.kill('SIGKILL');
      expect((await child.ended).code).to.equal(null);
      const resumed = await stage.zf(['resume', runId(), '--yes', '-v']);
      expect(resumed.code, resumed.err + resumed.out).to.equal(0);
      expect(resumed.err + resumed.out).to.contain('what it had begun there');
      expect(told()).to.not.deep.equal([]);
      for (const [bytes, upTo] of told()) expect(bytes).to.equal(upTo);
      expect(stage.begun(HOST)).to.deep.equal(work.begun);
      expect(ends(work.step).at(-1)).to.equal('changed');
    });
  }
});
