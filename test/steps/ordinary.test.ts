// The steps for ordinary work that need no file: commands, words, guards, talk.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Command } from '../../src/model/command.ts';
import { answer } from '../../src/model/refusal.ts';
import type { Doer, Step } from '../../src/model/step.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { quoteArgv } from '../../src/text/shell.ts';
import { splitWords } from '../../src/text/words.ts';
import { oneTask } from './one-task.ts';
import { OPEN_HARBOUR } from '../fleet/harbour.ts';

/** A host with files and a clock, on which commands are answered by a function. Stateful, small, and it never lies. */
function memoryHost(run: (argv: readonly string[]) => { code: number; out: string }) {
  const files = new Map<string, { bytes: Uint8Array; mode: number }>();
  const kept = new Map<string, Uint8Array>();
  const sent: (readonly string[])[] = [];
  let now = 0;
  const send = <T>(command: Command<T>) => {
    sent.push(command.argv);
    if (command.argv[2]?.startsWith('if [ -e')) {
      const out = files.has(command.argv.at(-1) ?? '') ? 'yes\n' : 'no\n';
      return Promise.resolve(answer('test', { is: 'exited', code: 0, out, err: '' }, end => command.read(end)));
    }
    if (command.argv[0] === '/usr/bin/rm') files.delete(command.argv[3] ?? '');
    const { code, out } = run(command.argv);
    return Promise.resolve(
      answer(command.argv.join(' '), { is: 'exited', code, out, err: '' }, end => command.read(end)),
    );
  };
  const doer: Doer = {
    ...oneTask(kept),
    ask: command => (command.changes ? Promise.reject(new Error('a look that changes')) : send(command)),
    do: send,
    readFile: path => Promise.resolve({ is: 'ok', value: files.get(path) ?? null }),
    localFile: path => Promise.resolve(path === 'motd' ? Buffer.from('from the playbook\n') : null),
    post: () => Promise.resolve({ is: 'not-sent', why: 'there is no network here' }),
    fetched: { read: () => Promise.resolve(null), write: () => Promise.resolve('there is no disk here') },
    reconnect: () => Promise.resolve({ is: 'ok', value: null }),
    peer: () => doer,
    now: () => now,
    sleep: ms => {
      now += ms;
      return Promise.resolve();
    },
    harbour: OPEN_HARBOUR,
    stopping: () => false,
    tell: () => Promise.resolve(),
    diff: false,
  };
  return { doer, files, sent };
}

function step(name: string): Step {
  const found = catalogue.get(name);
  if (!found) throw new Error(`no step ${name}`);
  return found;
}

const argsOf = (name: string, args: JsonObject): JsonObject => step(name).args().parse(args);

/** Check, and when there is something to do, apply and check again: what the engine does, in four lines. */
async function perform(name: string, given: JsonObject, doer: Doer) {
  const args = argsOf(name, given);
  const before = await step(name).check(args, doer);
  if (before.is === 'no-answer' || before.is === 'blocked') return { before, after: before, result: {} };
  if (before.is === 'done')
    return { before, after: before, result: step(name).result(args, before.seen, before.seen, null) };
  const applied = await step(name).apply(args, before.seen, doer);
  const after = await step(name).check(args, doer);
  const reply = applied.is === 'refused' ? {} : applied.reply;
  const seen = after.is === 'no-answer' ? {} : after.seen;
  return {
    before,
    after,
    result: step(name).result(args, before.seen, seen, reply),
    undo: step(name).undo(args, before.seen),
  };
}

describe('words of a command', () => {
  it('come back as they were quoted', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary' }).map(text => text.replaceAll('\0', '')),
          { minLength: 1 },
        ),
        words => {
          expect(splitWords(quoteArgv(words))).to.deep.equal({ is: 'words', words });
        },
      ),
    );
  });

  it('are those that a real sh would read, for quotes and backslashes', () => {
    for (const text of [`a 'b c' d`, `"a \\"b\\"" c`, `a\\ b`, `'' x`, `"a\\\\b" 'c\\d'`, `pre"mid dle"'post'`]) {
      const real = execFileSync('sh', ['-c', `for w in ${text}; do printf '%s\\0' "$w"; done`], { encoding: 'utf8' })
        .split('\0')
        .slice(0, -1);
      expect(splitWords(text), text).to.deep.equal({ is: 'words', words: real });
    }
  });

  it('say which quote was left open', () => {
    expect(splitWords(`echo "a`)).to.deep.equal({ is: 'open-quote', quote: '"' });
  });
});

describe('command and shell', () => {
  it('a command never meets a shell: its words go as they are', async () => {
    const { doer, sent } = memoryHost(() => ({ code: 0, out: '' }));
    await perform('command', { cmd: 'echo $HOME | wc' }, doer);
    expect(sent).to.deep.equal([['echo', '$HOME', '|', 'wc']]);
  });

  it('nobody can say if a plain command was done; one that failed has failed, with its status', async () => {
    const { doer } = memoryHost(() => ({ code: 3, out: 'no\n' }));
    const { before, result, undo } = await perform('command', { cmd: 'false' }, doer);
    expect(before.is).to.equal('unsure');
    expect(result).to.include({ failed: true, changed: true, rc: 3, stdout: 'no' });
    expect(undo).to.include({ is: 'left' });
  });

  it('creates, removes and unless say when there is nothing to do', async () => {
    const { doer, files } = memoryHost(argv => ({ code: argv.join(' ').includes('yes') ? 0 : 1, out: '' }));
    files.set('/there', { bytes: Buffer.from(''), mode: 0o644 });
    const is = async (args: JsonObject) =>
      (await step('command').check(argsOf('command', { cmd: 'x', ...args }), doer)).is;
    expect(await is({ creates: '/there' })).to.equal('done');
    expect(await is({ creates: '/gone' })).to.equal('todo');
    expect(await is({ removes: '/gone' })).to.equal('done');
    expect(await is({ unless: 'yes' })).to.equal('done');
    expect(await is({ unless: 'no' })).to.equal('todo');
  });

  it('a reading command runs when it is looked at, changes nothing and owes nothing', async () => {
    const { doer } = memoryHost(() => ({ code: 0, out: 'SunOS\n' }));
    const args = argsOf('command', { cmd: 'uname', reads: true });
    const { before, result } = await perform('command', { cmd: 'uname', reads: true }, doer);
    expect(before.is).to.equal('done');
    expect(result).to.include({ changed: false, stdout: 'SunOS' });
    expect(step('command').undo(args, {})).to.deep.equal({ is: 'nothing' });
  });

  it('a folder reaches the shell as an argument, not as text', async () => {
    const { doer, sent } = memoryHost(() => ({ code: 0, out: '' }));
    await perform('shell', { cmd: 'pwd', chdir: "/a'; rm -rf /" }, doer);
    expect(sent[0]?.slice(3)).to.deep.equal(['sh', "/a'; rm -rf /", '/bin/sh', 'pwd']);
    expect(sent[0]?.[2]).not.to.contain('rm');
  });
});

describe('steps that speak and wait', () => {
  it('assert fails with its message and says which condition', async () => {
    const { doer } = memoryHost(() => ({ code: 0, out: '' }));
    const { before } = await perform('assert', { that: [true, false], msg: 'state is closed or open' }, doer);
    expect(before).to.include({ is: 'blocked', why: 'state is closed or open (condition 2 of 2)' });
    expect((await perform('assert', { that: [true] }, doer)).before.is).to.equal('done');
  });

  it('set_fact gives its names and values, fail fails', async () => {
    const { doer } = memoryHost(() => ({ code: 0, out: '' }));
    expect((await perform('set_fact', { wave: 3 }, doer)).result).to.deep.include({ ansible_facts: { wave: 3 } });
    expect((await perform('fail', { msg: 'enough' }, doer)).before).to.include({ is: 'blocked', why: 'enough' });
  });

  it('pause waits in host time', async () => {
    const { doer } = memoryHost(() => ({ code: 0, out: '' }));
    expect((await perform('pause', { seconds: 5 }, doer)).result).to.include({ delta: 5 });
  });

  it("assert says Ansible's fail_msg, and is quiet when that is wished", async () => {
    const { doer } = memoryHost(() => ({ code: 0, out: '' }));
    const { before } = await perform('assert', { that: [false], fail_msg: 'no room' }, doer);
    expect(before).to.include({ is: 'blocked', why: 'no room' });
    const quiet = await perform('assert', { that: true, quiet: true, success_msg: 'long words' }, doer);
    expect(quiet.before).to.include({ is: 'done', text: 'conditions hold' });
  });
});
