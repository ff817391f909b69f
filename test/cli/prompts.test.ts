// What is asked for at the start, where nobody is there to be asked; and where a secret answer is found afterwards.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage } from './stage.ts';

describe('vars_prompt without a terminal', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  const book = (prompt: string): string =>
    `- hosts: nacaozumbi\n  vars_prompt: [${prompt}]\n  tasks:\n    - { name: say, shell: "echo {{word}} > /tmp/word" }\n    - { name: read, command: { cmd: cat /tmp/word, reads: true } }\n`;

  it('is exit 2 before anything is touched, and -e answers', async () => {
    const path = stage.write('ask.yml', book('{ name: word, prompt: "The word", private: no }'));
    const asked = await stage.zf(['run', path, '--yes']);
    expect(asked.code, asked.err).to.equal(2);
    expect(asked.err).to.contain(
      '"word" is asked for at the start, and nobody is here to be asked: give it with -e word=...',
    );
    expect(asked.err).to.contain('known at start');
    const given = await stage.zf(['run', path, '--yes', '-e', 'word=open']);
    expect(given.code, given.err).to.equal(0);
  });

  it('takes the default, and writes a secret one nowhere in the clear', async () => {
    const path = stage.write('secret.yml', book('{ name: word, prompt: "The word", default: hush-hush }'));
    const run = await stage.zf(['run', path, '--yes', '--json']);
    expect(run.code, run.err).to.equal(0);
    expect(run.out + run.err).to.not.contain('hush-hush');
    const runs = join(stage.dir, 'state', 'runs');
    const journals = readdirSync(runs).map(id => readFileSync(join(runs, id, 'journal.jsonl'), 'utf8'));
    expect(journals.join('')).to.contain('"hidden":["word"]');
    expect(journals.join('')).to.not.contain('hush-hush');
  });

  it('tells no half of a secret one, where a command says it in two', async () => {
    const cut = book('{ name: word, prompt: "The word", default: hush-hush }').replace(
      'tasks:',
      'tasks:\n    - { name: halves, shell: "printf word=hus; sleep 30; printf h-hush; sleep 30; echo , ok" }',
    );
    const run = await stage.zf(['run', stage.write('halves.yml', cut), '--yes', '--json']);
    expect(run.code, run.err).to.equal(0);
    const said = run.out.matchAll(/"type":"output".*?"text":("(?:[^"\\]|\\.)*")/g);
    const texts = Array.from(said, ([, text]) => JSON.parse(text ?? '') as string);
    expect(texts).to.deep.equal(['word=', '***', ', ok\n']);
  });
});
