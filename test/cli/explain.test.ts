// zoneferry explain, and check in the forms for other programs: what goes to which stream, with which status.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from '../../src/cli/main.ts';
import type { Speech } from '../../src/cli/speech.ts';
import { isObject, parseJson } from '../../src/text/json.ts';

const said = (...args: readonly string[]) => saidIn(100, ...args);

async function saidIn(
  columns: number,
  ...args: readonly string[]
): Promise<{ status: number; out: string; err: string }> {
  const heard = { out: '', err: '' };
  const speech: Speech = {
    out: text => {
      heard.out += text;
    },
    err: text => {
      heard.err += text;
    },
    ...{ env: {}, columns, interactive: false, colour: false, begun: () => undefined },
  };
  return { status: await main(args, speech), ...heard };
}

describe('zoneferry explain', () => {
  it('shows the page of a code, with the brackets of a drawing or without', async () => {
    const page = await said('explain', 'unknown-key');
    expect(page.out).to.match(/^# unknown-key\n[^]*## Wrong[^]*regster[^]*## Right/);
    expect(page.status).to.equal(0);
    expect((await said('explain', 'error[unknown-key]')).out).to.equal(page.out);
  });

  it('lists all codes when none is named', async () => {
    expect((await said('explain')).out).to.match(/^file-missing +a file that is named/);
  });

  it('offers the nearest code for a slip', async () => {
    const wrong = await said('explain', 'unknwon-key');
    expect(wrong).to.deep.include({ status: 2, out: '' });
    expect(wrong.err).to.contain('did you mean "unknown-key"?');
  });

  it('offers the codes that share a word with half a memory', async () => {
    expect((await said('explain', 'variable')).err).to.contain('did you mean "undefined-variable"');
  });

  it('a variable is a subcommand of its own, and wants a host', async () => {
    const help = await said('explain', '--help');
    expect(help.out).to.contain('explain var boot_limit --host bjork');
    expect(await said('explain', 'var', 'boot_limit')).to.deep.include({ status: 2, out: '' });
  });

  it('opens no file but its own pages', async () => {
    expect((await said('explain', '../../README')).err).to.contain('there is no code');
  });
});

describe('zoneferry steps', () => {
  it('stays inside the terminal, a step and all of them', async () => {
    for (const columns of [40, 60, 100]) {
      const names = (await saidIn(columns, 'steps')).out.split('\n').map(line => line.split(' ')[0] ?? '');
      for (const words of [['steps'], ...names.filter(name => name !== '').map(name => ['steps', name])])
        for (const line of (await saidIn(columns, ...words)).out.split('\n'))
          expect(line.length, line).to.be.at.most(columns);
    }
  });
});

describe('zoneferry check for other programs', () => {
  let folder: string;
  let site: string;
  let hosts: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'zoneferry-'));
    site = join(folder, 'site.yml');
    hosts = join(folder, 'hosts.yml');
    writeFileSync(hosts, 'all: { hosts: { bjork: } }\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  const wrong = (): void => writeFileSync(site, '- hosts: all\n  tasks:\n    - command: a\n      regster: x\n');
  const right = (): void => writeFileSync(site, '- hosts: all\n  tasks:\n    - command: uname -a\n');

  for (const [form, shape] of [
    ['json', /"code": "unknown-key"/],
    ['github', /^::error file=.*,line=4,.*title=unknown-key::/],
    ['sarif', /"ruleId": "unknown-key"/],
  ] as const) {
    it(`${form}: what is wrong is the answer, on standard output alone, with status 2`, async () => {
      wrong();
      const answer = await said('check', site, '-i', hosts, '--format', form);
      expect(answer).to.deep.include({ status: 2, err: '' });
      expect(answer.out).to.match(shape);
    });
  }

  it('an answer without findings is still one, with status 0', async () => {
    right();
    const answer = await said('check', site, '-i', hosts, '--json');
    expect(answer.status).to.equal(0);
    expect(parseJson(answer.out)).to.deep.equal({ errors: 0, warnings: 0, diagnostics: [] });
    const sarif = parseJson((await said('check', site, '-i', hosts, '--format', 'sarif')).out);
    expect(isObject(sarif) && sarif['version']).to.equal('2.1.0');
  });

  it('another form is refused by name', async () => {
    expect((await said('check', site, '--format', 'xml')).err).to.contain('drawn, json, github, sarif');
  });
});
