// include_vars and debug's var, from the text of a playbook to what has happened.
import { expect } from 'chai';
import { problems } from '../steps/loaded.ts';
import { played } from './played.ts';

const book = (tasks: string): string => `- hosts: all\n  tasks:\n${tasks.replaceAll(/^(?=.)/gm, '    ')}`;

describe('variables from a file', () => {
  it('are there for the tasks after, and may use one another', async () => {
    const run = await played({
      'site.yml': book('- include_vars: app.yml\n- toy.set: { key: path, value: "{{path}}" }\n'),
      'vars/app.yml': 'root: /opt/{{host.name}}\npath: "{{root}}/app"\n',
    });
    expect(run.verdict, run.why).to.equal('done');
    expect(run.toy.on('a').get('path')).to.equal('/opt/a/app');
  });

  it('one of several, as the host has it, or in one variable', async () => {
    const tasks = `- include_vars: { file: "n{{n}}.yml", from: [n1.yml, n2.yml, n3.yml], name: said }
- toy.set: { key: word, value: "{{said.word}}" }
`;
    const run = await played({
      ...{
        'site.yml': book(tasks),
        'n1.yml': 'word: one\n',
        'n2.yml': 'word: two\n',
        'n3.yml': 'word: "of-{{host.name}}"\n',
      },
    });
    expect(run.verdict, run.why).to.equal('done');
    expect(['a', 'b', 'c'].map(host => run.toy.on(host).get('word'))).to.deep.equal(['one', 'two', 'of-c']);
  });

  it('a file that is none of those fails the task', async () => {
    const tasks = '- include_vars: { file: "n{{n}}.yml", from: [n1.yml] }\n';
    const run = await played({ 'site.yml': book(tasks), 'n1.yml': 'word: one\n' }, { limit: 'b' }).catch(
      (error: unknown) => String(error),
    );
    expect(typeof run === 'string' ? run : run.why).to.contain('n2.yml is none of: n1.yml');
  });

  it('are read before any host is asked: a missing file, a name nobody knows, a choice without candidates', async () => {
    const codes = async (tasks: string, more: Readonly<Record<string, string>> = {}) =>
      (await problems(book(tasks), more)).map(one => one.code);
    expect(await codes('- include_vars: none.yml\n')).to.deep.equal(['file-missing']);
    expect(await codes('- include_vars: "{{host.name}}.yml"\n')).to.deep.equal(['bad-argument']);
    expect(await codes('- include_vars: a.yml\n- debug: { var: wrd }\n', { 'a.yml': 'word: 1\n' })).to.deep.equal([
      'undefined-variable',
    ]);
    const two = { 'a.yml': 'x: 1\ny: "{{x}}"\n', 'b.yml': 'x: 2\n' };
    expect(await codes('- include_vars: { file: "{{host.name}}.yml", from: [a.yml, b.yml] }\n', two)).to.deep.equal([
      'undefined-variable',
    ]);
  });
});

describe('debug', () => {
  it('shows what a name stands for, as it is', async () => {
    const run = await played(
      book(
        '- set_fact: { x: { y: [1, 2] } }\n- debug: { var: x.y }\n  register: shown\n- assert: { that: "shown.msg == \\"[1,2]\\"" }\n',
      ),
    );
    expect(run.verdict, run.why).to.equal('done');
  });
});
