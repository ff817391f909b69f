// What each option of the command line does, and which subcommand offers it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Said, type Stage } from './stage.ts';

describe('the options', function () {
  this.timeout(60_000);
  let stage: Stage;
  let book: string;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
    const tasks = '    - debug: "{{word}} on {{host.name}}"\n';
    book = stage.write('book.yml', `- hosts: all\n  vars: { word: plain }\n  tasks:\n${tasks}`);
  });
  after(() => stage.close());

  const said = (run: Said): readonly string[] =>
    run.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; why: string })
      .flatMap(line => (line.type === 'action-ended' ? [line.why] : []));
  const ran = async (...words: readonly string[]): Promise<readonly string[]> =>
    said(await stage.zf(['run', book, '--yes', '--json', ...words]));

  it('-e is name=value, a file or JSON, the last word winning', async () => {
    const file = stage.write('extra.yml', 'word: from a file\n');
    const only = ['-l', 'bjork'];
    expect(await ran(...only, '-e', 'word=given')).to.deep.equal(['given on bjork']);
    expect(await ran(...only, '-e', `@${file}`)).to.deep.equal(['from a file on bjork']);
    expect(await ran(...only, '-e', 'word=given', '-e', '{"word": "json"}')).to.deep.equal(['json on bjork']);
  });

  it('-l takes patterns', async () => {
    expect(await ran('-l', 'all:!bjork')).to.deep.equal(['plain on nacaozumbi']);
    expect(await ran('-l', 'b*,nacaozumbi', '-f', '1')).to.have.members(['plain on bjork', 'plain on nacaozumbi']);
  });

  it('run --check exits 8 for changes when asked for details, 0 when not or when there are none', async () => {
    const closing = ['run', 'playbooks/maintain.yml', '-l', 'bjork', '--check'];
    expect((await stage.zf([...closing, '--detailed-exitcode'])).code).to.equal(8);
    expect((await stage.zf(closing)).code).to.equal(0);
    expect((await stage.zf(['run', book, '--check', '--detailed-exitcode'])).code).to.equal(0);
  });

  it('facts written to a file plan without the hosts', async () => {
    const out = join(stage.dir, 'facts.json');
    expect((await stage.zf(['facts', '--out', out])).code).to.equal(0);
    expect((await stage.zf(['facts', '--json'])).out).to.contain('nacaozumbi');
    expect(readFileSync(out, 'utf8')).to.contain('nacaozumbi');
    const nobody = stage.write('nobody.yml', 'zonehosts: { hosts: { bjork: { address: 127.0.0.1, port: 9 } } }\n');
    const plan = await stage.zf([
      'plan',
      'playbooks/maintain.yml',
      '-i',
      nobody,
      '--facts',
      out,
      '-l',
      'bjork',
      '--json',
    ]);
    expect(plan.code, plan.err).to.equal(0);
    expect(plan.out).to.contain('maintenance.begin');
  });

  it('every view ends with the same verdict', async () => {
    for (const kind of ['default', 'simple', 'verbose', 'silent']) {
      const run = await stage.zf(['run', book, '--yes', '--renderer', kind]);
      expect(run.code, run.err).to.equal(0);
      expect(run.out, kind).to.match(/ended done/);
    }
  });

  it('a value that makes no sense is told in a line', async () => {
    const says: readonly (readonly [option: string, value: string, says: RegExp])[] = [
      ['-f', '0', /--forks/],
      ['-f', 'x', /--forks/],
      ['--renderer', 'loud', /--renderer/],
      ['-e', '{', /-e: .*}/],
      ['-e', '[1]', /-e: .*mapping/],
      ['-e', '=', /-e: "="/],
      ['-e', '@nowhere.yml', /-e: .*nowhere/],
    ];
    for (const [option, value, pattern] of says) {
      const run = await stage.zf(['run', book, '--yes', option, value]);
      expect(run.code, value).to.equal(2);
      expect(run.err.split('\n')[0], value).to.match(pattern);
    }
  });

  it('the help offers only what the subcommand heeds', async () => {
    const offered = async (name: string): Promise<readonly string[]> =>
      (await stage.zf([name, '--help'])).out.match(/--[a-z][a-z-]+/g) ?? [];
    expect(await offered('check')).to.include.members(['--tags', '--limit', '--format']);
    expect(await offered('check')).to.not.include.oneOf(['--forks', '--yes', '--renderer', '--check', '--facts']);
    expect(await offered('plan')).to.not.include.oneOf(['--yes', '--renderer']);
    for (const name of ['resume', 'rollback'])
      expect(await offered(name)).to.not.include.oneOf(['--limit', '--tags', '--inventory', '--check']);
  });

  it('the help shows no empty default', async () => {
    for (const name of ['check', 'plan', 'run', 'resume', 'rollback', 'runs', 'show', 'facts', 'status', 'inventory']) {
      const help = await stage.zf([name, '--help']);
      expect(help.out, name).to.not.contain('default: []');
    }
  });
});
