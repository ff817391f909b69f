// `on_event` with real hosts of the lab and a real far side: who is told, that nobody is told of a rehearsal or of what
// an earlier process told, that an address is nowhere to be read, and that a run ends as it would without.
import { expect } from 'chai';
import { farSides, status, type Web } from '../edge/web.ts';
import { journalsOf, openStage, type Stage } from './stage.ts';

const TOKEN = 'T0KEN-of-the-pager';

describe('on_event', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  const web = farSides();
  const ALL = '[run_started, wave_started, host_failed, host_stuck, host_done, wave_ended, stopped, run_ended]';
  const book = (url: string, tasks: string, on = ALL): string =>
    stage.write(
      'told.yml',
      `- name: Tell\n  hosts: nacaozumbi,bjork\n  serial: 1\n  vars: { pager: "${url}", key: key-of-the-pager }\n` +
        `  on_event: [{ on: ${on}, url: "{{pager}}", headers: { Authorization: "Bearer {{key}}" } }]\n` +
        `  on_failure: stop\n  tasks:\n${tasks}`,
    );
  const LOOK = '    - { name: look, command: { cmd: uname -a, reads: true } }\n';
  const told = ({ heard }: Web) => heard.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  const journals = (): string => journalsOf(stage);

  it('tells of the run, its waves and its hosts, each once and in order', async () => {
    const pager = await web();
    const run = await stage.zf(['run', book(`${pager.origin}/hook/${TOKEN}`, LOOK), '--yes']);
    expect(run.code, run.err).to.equal(0);
    const bodies = told(pager);
    expect(bodies.map(({ event, host, wave }) => [event, host, wave])).to.deep.equal([
      ['run_started', null, null],
      ['wave_started', null, 1],
      ['host_done', 'nacaozumbi', 1],
      ['wave_ended', null, 1],
      ['wave_started', null, 2],
      ['host_done', 'bjork', 2],
      ['wave_ended', null, 2],
      ['run_ended', null, null],
    ]);
    expect(new Set(bodies.map(({ id }) => id)).size).to.equal(bodies.length);
    const [first] = pager.heard;
    expect(first).to.deep.include({ method: 'POST', path: `/hook/${TOKEN}` });
    expect(first?.headers).to.deep.include({
      'content-type': 'application/json',
      authorization: 'Bearer key-of-the-pager',
    });
    expect(run.out + run.err + journals())
      .to.not.contain(TOKEN)
      .and.to.not.contain('key-of-the-pager');
  });

  it('tells nobody of a plan, or of a rehearsal', async () => {
    const pager = await web();
    const path = book(`${pager.origin}/hook/${TOKEN}`, LOOK);
    const plan = await stage.zf(['plan', path]);
    expect(plan.code, plan.err).to.equal(0);
    expect(plan.out + plan.err).to.not.contain(TOKEN);
    const check = await stage.zf(['run', path, '--check']);
    expect(check.code, check.err).to.equal(0);
    expect(pager.heard).to.deep.equal([]);
  });

  it('tells what failed and where, without the secrets of the run, and once: not again when it is resumed', async () => {
    const pager = await web();
    const failing = '    - { name: break, shell: "echo {{key}} >&2; exit 3", no_log: true }\n';
    const run = await stage.zf(['run', book(`${pager.origin}/hook`, failing), '--yes']);
    expect(run.code, run.err).to.not.equal(0);
    const failed = told(pager).find(({ event }) => event === 'host_failed');
    expect(failed).to.deep.include({ host: 'nacaozumbi', task: 'break', play: 'Tell', wave: 1 });
    expect(failed?.['text']).to.match(/^zoneferry run \w+: nacaozumbi failed at "break": /);
    expect(told(pager).at(-1)).to.deep.include({ event: 'stopped', verdict: 'stopped' });
    expect(pager.heard.map(({ body }) => body).join('')).to.not.contain('key-of-the-pager');
    const before = pager.heard.length;
    const id = String(failed?.['run']);
    await stage.zf(['resume', id]);
    const later = told(pager).slice(before);
    expect(later.map(({ event }) => event)).to.not.include('run_started');
    expect(later.filter(({ event, host }) => event === 'host_failed' && host === 'nacaozumbi')).to.deep.equal([]);
    const ids = told(pager).map(one => one['id']);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('leaves the run as it is when the far side refuses, and says so on the screen and in the journal', async () => {
    const pager = await web(status(403));
    const run = await stage.zf(['run', book(`${pager.origin}/hook/${TOKEN}`, LOOK), '--yes', '--renderer', 'simple']);
    expect(run.code, run.err).to.equal(0);
    expect(run.err).to.contain(`warning: ${pager.origin} was not told of run_started: it answered 403`);
    expect(run.err).to.contain(`warning: ${pager.origin} was not told of run_ended: it answered 403`);
    expect(journals()).to.contain(`"text":"${pager.origin} was not told of run_started: it answered 403"`);
    expect(run.out + run.err + journals()).to.not.contain(TOKEN);
  });

  it('takes nothing of a run where nobody is told that it has no address for', async () => {
    const path = stage.write(
      'later.yml',
      '- hosts: bjork\n  vars_prompt: [{ name: pager, default: "gopher://x" }]\n' +
        '  on_event: { on: run_ended, url: "{{pager}}" }\n  tasks:\n' +
        LOOK,
    );
    const run = await stage.zf(['run', path, '--yes', '--renderer', 'simple']);
    expect(run.code, run.err).to.equal(0);
    expect(run.err).to.contain("tells nobody for bjork: its url can't be used: it begins with gopher:");
  });
});
