// A run whose key is gone: what it hid stays sealed, and where its zones are may be among that.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ledgerOf, readOldRuns } from '../../src/cli/old-runs.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { createJournal } from '../../src/edge/journal-file.ts';
import { createRun, readKey } from '../../src/edge/state-folder.ts';
import type { Law } from '../../src/model/event.ts';
import { hostName, runId, stepName } from '../../src/model/ids.ts';
import { unreadAbout } from '../../src/steps/abroad.ts';
import { play, planOf } from '../run/program.ts';
import { action, began, on, wave } from '../run/events.ts';

const RUN = runId('0a1b7f3a');
const a = on('a');

function went(step: string, hidden: boolean): Law {
  const born = { ...action('t1', a), step: stepName(step), hidden };
  const result = { migrated: [{ zone: 'evac1', from: 'a', to: 'b', was: 'running' }] };
  return { type: 'action-ended', action: born.id, born, outcome: 'unchanged', why: '', result, hidden };
}

describe('a run whose key is gone', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'zf-keyless-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function ledger(step: string, hidden: boolean) {
    const paths = await createRun(root, RUN, JSON.stringify(planOf([play(['a'], [])])));
    const journal = await createJournal(paths.journal, (await readKey(paths)) ?? new Uint8Array(), systemClock());
    for (const law of [{ ...began, run: RUN }, ...wave(1, ['a']), went(step, hidden)]) await journal.append(law);
    await journal.close();
    rmSync(paths.key);
    const { runs, unread } = await readOldRuns(root);
    return ledgerOf(runs, null, unread);
  }

  it('is told, and keeps open the hosts that it could speak of, when it hid where zones went', async () => {
    const found = await ledger('zones.evacuate', true);
    expect(found.away).to.deep.equal([]);
    expect(unreadAbout(found, hostName('a')).join()).to.contain('key');
    expect(unreadAbout(found, hostName('c'))).to.deep.equal([]);
  });

  it('speaks as always when it hid nothing of zones', async () => {
    const found = await ledger('zones.evacuate', false);
    expect([found.away.length, found.unread]).to.deep.equal([1, []]);
    rmSync(join(root, 'runs'), { recursive: true });
    expect((await ledger('shell', true)).unread).to.deep.equal([]);
  });
});
