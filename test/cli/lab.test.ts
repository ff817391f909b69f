// `zoneferry lab` finds the lab's program, hands it the words and gives its status.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { lab, labProgram } from '../../src/cli/lab.ts';

describe('zoneferry lab', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'zf-cli-lab-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const install = (...files: readonly string[]): string => {
    const place = join(dir, 'node_modules', 'zoneferry-lab');
    for (const file of ['package.json', ...files]) {
      mkdirSync(join(place, file, '..'), { recursive: true });
      writeFileSync(join(place, file), '{}');
    }
    return join(dir, 'cli.js');
  };

  it('finds the source in a checkout, with its loader', () => {
    const program = labProgram(fileURLToPath(import.meta.url)) ?? [];
    expect(program[0]).to.equal('--import');
    expect(program[1]).to.match(/^file:.*tsx/);
    expect(program[2]).to.match(/sim\/main\.ts$/);
  });

  it('finds the built program of an installed lab', () => {
    const program = labProgram(install('dist/main.js')) ?? [];
    expect(program).to.have.lengthOf(1);
    expect(program[0]).to.match(/zoneferry-lab\/dist\/main\.js$/);
  });

  it('finds nothing where the lab is not installed, or is only a husk', () => {
    expect(labProgram(join(dir, 'cli.js'))).to.equal(null);
    expect(labProgram(install())).to.equal(null);
  });

  it('gives the status of the lab: wrong words are 2, and a lab that does not run is no lab', async () => {
    expect(await lab(['world', '--dir', join(dir, 'none')])).to.equal(2);
  });

  it('leaves no listener for signals behind', async () => {
    const before = process.listenerCount('SIGTERM');
    await lab(['down', '--dir', join(dir, 'none')]);
    expect(process.listenerCount('SIGTERM')).to.equal(before);
  });
});
