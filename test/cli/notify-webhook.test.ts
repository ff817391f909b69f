// The step notify.webhook with a real far side: what is posted, what becomes of a task whose far side refuses, that its
// address is nowhere to be read, and that one that had begun is not posted again.
import { expect } from 'chai';
import { farSides, status } from '../edge/web.ts';
import { journalsOf, openStage, type Stage } from './stage.ts';

const TOKEN = 'T0KEN-of-the-pager';

describe('notify.webhook', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  const web = farSides();
  const book = (url: string, tasks: string): string =>
    stage.write('tell.yml', `- hosts: bjork\n  on_failure: stop\n  vars: { pager_url: "${url}" }\n  tasks:\n${tasks}`);
  const TELL =
    '    - name: tell\n      notify.webhook: { url: "{{pager_url}}", text: "{{host.name}} is next", headers: { X-Key: key-of-the-pager } }\n';
  const journals = (): string => journalsOf(stage);

  it('posts its text once, and its address and its headers are nowhere to be read', async () => {
    const far = await web();
    const path = book(`${far.origin}/hook/${TOKEN}`, TELL);
    const plan = await stage.zf(['plan', path]);
    expect(plan.out + plan.err).to.contain(`tell ${far.origin}`);
    const run = await stage.zf(['run', path, '--yes', '--json']);
    expect(run.code, run.err).to.equal(0);
    const [heard] = far.heard;
    expect(far.heard).to.have.lengthOf(1);
    expect(heard).to.deep.include({ method: 'POST', path: `/hook/${TOKEN}` });
    expect(heard?.headers).to.deep.include({ 'content-type': 'application/json', 'x-key': 'key-of-the-pager' });
    const body = JSON.parse(heard?.body ?? '') as Record<string, unknown>;
    expect(body).to.deep.include({ event: 'notify', host: 'bjork' });
    expect(body['text']).to.equal('bjork is next');
    const all = [plan, run].map(said => said.out + said.err).join('') + journals();
    expect(all).to.not.contain(TOKEN).and.to.not.contain('key-of-the-pager');
  });

  it('posts nothing under --check', async () => {
    const far = await web();
    const check = await stage.zf(['run', book(`${far.origin}/hook/${TOKEN}`, TELL), '--check', '--renderer', 'simple']);
    expect(check.code, check.err).to.equal(0);
    expect(check.err).to.contain(`would change: tell ${far.origin}`);
    expect(far.heard).to.deep.equal([]);
  });

  it('fails where the far side refuses, without its address, and "ignore_errors" goes on', async () => {
    const far = await web(status(500));
    const path = book(`${far.origin}/hook/${TOKEN}`, TELL);
    const run = await stage.zf(['run', path, '--yes', '--renderer', 'simple']);
    expect(run.code, run.err).to.not.equal(0);
    expect(run.err).to.contain(`tell: FAILED: ${far.origin} was not told: it answered 500`);
    expect(run.out + run.err + journals()).to.not.contain(TOKEN);
    expect(far.heard).to.have.lengthOf(1);
    const on = await stage.zf(['run', book(`${far.origin}/hook`, `${TELL}      ignore_errors: yes\n`), '--yes']);
    expect(on.code, on.err).to.equal(0);
  });

  it('tells what failed, in a rescue', async () => {
    const far = await web();
    const rescue = `    - block: [{ name: break, command: "false" }]
      rescue:
        - notify.webhook: { url: "{{pager_url}}", text: "{{host.name}} failed at {{failed.task}}" }
        - fail: { msg: "{{failed.message}}" }\n`;
    const run = await stage.zf(['run', book(`${far.origin}/hook`, rescue), '--yes']);
    expect(run.code, run.err).to.not.equal(0);
    expect(JSON.parse(far.heard[0]?.body ?? '')).to.deep.include({ text: 'bjork failed at break' });
  });

  it('is not posted again when the run broke off meanwhile: nobody knows whether it was read, and that is said', async () => {
    let begun = (): void => undefined;
    const taken = new Promise<void>(resolve => (begun = resolve));
    const far = await web(() => begun());
    const child = await stage.start(['run', book(`${far.origin}/hook/${TOKEN}`, TELL), '--yes'], /run \w+ by/);
    await taken;
    child.kill('SIGKILL');
    const said = await child.ended;
    const id = /run (\w+) by/.exec(said.err)?.[1] ?? '';
    const resumed = await stage.zf(['resume', id, '--renderer', 'simple']);
    expect(resumed.err + resumed.out).to.contain('OUTCOME UNKNOWN');
    expect(far.heard).to.have.lengthOf(1);
  });
});
