// The supervisor of long commands under the shells there are: dash, bash as POSIX wants it, ksh93 (Solaris' /bin/sh) and
// mksh, each as a process here that is killed at every one of its steps. No server: what a line means is the shell's.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect } from 'chai';
import type { Ended } from '../../src/model/command.ts';
import { beginLine, forgetLine, inheritLine, prepareLine } from '../../src/run/detached/lines.ts';
import { SCRIPTS } from '../../src/run/detached/script.ts';
import type { Far, Said } from '../../src/run/detached/job.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import { SUDO_ASKS, SUDO_READY } from '../../src/text/shell.ts';
import {
  begun,
  cutEverywhere,
  endOf,
  freshRun,
  heldEverywhere,
  jobOf,
  lineFor,
  prepared,
  withScript,
} from '../detached/kit.ts';

const RUN = freshRun();
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ['dash'],
  'bash --posix': ['bash', '--posix'],
  ksh93: ['ksh93'],
  mksh: ['mksh'],
};
/** Where nothing may be written to /var/share. */
const LEFT = `/var/tmp/zoneferry-${process.getuid?.() ?? 0}/${RUN}`;
const PASSWORD = 'a secret\n';
const WHOLE = { is: 'exited', code: 7, out: 'one\ntwo\n', err: 'wrong\n' };

let folder = '';
let count = 0;

/** A file of its own name for each shell, so that it can stand where /bin/sh stands. */
function shellFile(words: readonly string[]): string {
  const path = join(folder, words.join(''));
  writeFileSync(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return path;
}

function run(line: string, stdin = ''): Promise<Ended> {
  const child = spawn('/bin/sh', ['-c', line]);
  const said = { out: [] as Buffer[], err: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => said.out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.err.push(chunk));
  child.stdin.on('error', () => undefined).end(stdin);
  return new Promise(resolve =>
    child.on('close', (code, signal) => {
      const [out, err] = [said.out, said.err].map(chunks => Buffer.concat(chunks).toString()) as [string, string];
      resolve(
        signal === null
          ? { is: 'exited', code: code ?? -1, out, err }
          : { is: 'signalled', name: signal.slice(3), out, err },
      );
    }),
  );
}

function farOf(shell: string): Far {
  return {
    exec: (line, feedsSudo) => run(line.replaceAll('/bin/sh', shell), feedsSudo ? PASSWORD : ''),
    reconnect: () => Promise.resolve(),
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    stopping: () => false,
    stopped: new Promise(() => undefined),
  };
}

/** A new place, and a command that leaves a line each time it runs. */
function task(shell: string) {
  count += 1;
  const mark = join(folder, `mark-${count}`);
  const place = { run: RUN, key: `aaaa-${count}` };
  const line = lineFor(`echo ran >>${mark}; echo one; echo two; echo wrong >&2; exit 7`, shell);
  const times = (): number => (existsSync(mark) ? readFileSync(mark, 'utf8').split('\n').length - 1 : 0);
  return { place, line, times, job: jobOf(line, { place }) };
}

for (const [name, words] of Object.entries(SHELLS)) {
  describe(`the supervisor under ${name}`, function () {
    this.timeout(300_000);
    let shell = '';
    const isScript = (text: string): boolean => spawnSync(shell, ['-n', '-c', text]).status === 0;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'zf-'));
      shell = shellFile(words);
    });

    after(async () => {
      await run(forgetLine(RUN, ['aaaa-']));
      expect(existsSync(LEFT), `something is left in ${LEFT}`).to.equal(false);
      rmSync(folder, { recursive: true });
    });

    it('runs a command and gives its output and its status', async () => {
      const { job } = task(shell);
      expect(endOf(await supervise(farOf(shell), job))).to.deep.equal(WHOLE);
    });

    it('tells which signal killed it', async () => {
      for (const signal of ['TERM', 'KILL', 'HUP']) {
        const { place } = task(shell);
        const outcome = await supervise(farOf(shell), jobOf(lineFor(`kill -${signal} $$`, shell), { place }));
        // nohup, under which it runs, has it ignore HUP.
        const wanted = signal === 'HUP' ? { is: 'exited', code: 0 } : { is: 'signalled', name: signal };
        expect(endOf(outcome)).to.deep.include(wanted);
      }
    });

    it('is said to be gone by a reboot only where both boot times are told, and differ', async () => {
      const far = farOf(shell);
      const upSince = (time: string): Far => ({
        ...far,
        exec: text => far.exec(text.replaceAll('boottime() {', `boottime() { echo ${time}; return;`)),
      });
      for (const [then, now, is] of [
        ['1000', '2000', 'signalled'],
        ['1000', '1003', 'lost'],
        ['1000', '', 'lost'],
        ['', '2000', 'lost'],
        ['', '', 'lost'],
        ['Jul61200', '2000', 'lost'],
      ] as const) {
        const { place } = task(shell);
        const line = lineFor('kill -9 $PPID', shell);
        await begun(upSince(then), line, place);
        expect(endOf(await supervise(upSince(now), jobOf(line, { place }))).is, `${then} ${now}`).to.equal(is);
      }
    });

    it('gives the command the umask and the PATH of the line that started it', async () => {
      const { place } = task(shell);
      const line = lineFor('umask; echo $PATH; cat', shell);
      expect(endOf(await supervise(farOf(shell), jobOf(line, { place })))).to.deep.equal(await run(line));
    });

    it('hands a password on to sudo, keeps it nowhere, and takes what sudo says out of what the command says', async () => {
      const { place } = task(shell);
      const talk = `printf '%s' '${SUDO_ASKS}' >&2; read p; echo '${SUDO_READY}' >&2`;
      const line = lineFor(`${talk}; echo ${'$'}{#p}; echo own words >&2; cat`, shell);
      const heard: Said[] = [];
      const job = jobOf(line, { place, bySudo: true, onOutput: said => void heard.push(said) });
      const ended = endOf(await supervise(farOf(shell), job));
      expect(ended).to.deep.equal({ is: 'exited', code: 0, out: `${PASSWORD.length - 1}\n`, err: 'own words\n' });
      const err = heard.findLast(({ stream }) => stream === 'err');
      const work = { is: 'begun', folder: await prepared(farOf(shell), line, place) } as const;
      const later = jobOf(line, { work, bySudo: true, told: () => ({ out: 0, err: err?.upTo ?? 0 }) });
      expect(endOf(await supervise(farOf(shell), later))).to.deep.equal({ ...ended, err: '' });
      const kept = spawnSync('grep', ['-r', PASSWORD.trim(), LEFT]);
      expect([kept.stdout.toString(), kept.status]).to.deep.equal(['', 1]);
    });

    it('tells why sudo did not let the command begin', async () => {
      const { place } = task(shell);
      const line = lineFor(
        `printf '%s' '${SUDO_ASKS}' >&2; echo 'sudo: 1 incorrect password attempt' >&2; exit 1`,
        shell,
      );
      const ended = endOf(await supervise(farOf(shell), jobOf(line, { place, bySudo: true })));
      expect(ended).to.deep.equal({ is: 'denied', why: 'wrong become password' });
    });

    it('brings 5 MB of output as far as it is bounded', async () => {
      const { place } = task(shell);
      const ended = endOf(
        await supervise(farOf(shell), jobOf(lineFor('yes 0123456789 | head -c 5000000', shell), { place })),
      );
      if (ended.is !== 'exited') throw new Error(ended.is);
      expect(ended.out)
        .to.match(/^(0123456789\n){1000}/)
        .and.match(/\[output limit: .* more were dropped\]\n$/);
    });

    it('starts nothing, and says why, where nothing can be written', async () => {
      const { place, line, job, times } = task(shell);
      const full = `ulimit -f 0; trap '' XFSZ; ${SCRIPTS.prepare}`;
      const far = farOf(shell);
      const exec: Far['exec'] = text =>
        far.exec(text === prepareLine(place, line) ? withScript(text, SCRIPTS.prepare, full) : text);
      expect((await supervise({ ...far, exec }, job)).is).to.equal('not-started');
      expect(times()).to.equal(0);
      expect(endOf(await supervise(far, job))).to.deep.equal(WHOLE);
    });

    it('is started once by two at once', async () => {
      const { job, times } = task(shell);
      const both = await Promise.all([1, 2, 3].map(() => supervise(farOf(shell), job)));
      expect(both.map(endOf)).to.deep.equal([WHOLE, WHOLE, WHOLE]);
      expect(times()).to.equal(1);
    });

    it('runs a command once, and knows its end, wherever the line that starts it is killed', async () => {
      const cuts = cutEverywhere(SCRIPTS.begin, isScript);
      expect(cuts.length).to.be.greaterThan(30);
      for (const cut of cuts) {
        const { place, line, job, times } = task(shell);
        const folder = await prepared(farOf(shell), line, place);
        await farOf(shell).exec(withScript(beginLine(folder, line), SCRIPTS.begin, cut));
        expect(endOf(await supervise(farOf(shell), job)), cut).to.deep.equal(WHOLE);
        expect(times(), cut).to.equal(1);
      }
      for (const cut of cutEverywhere(SCRIPTS.prepare, isScript)) {
        const { place, line, job, times } = task(shell);
        await farOf(shell).exec(withScript(prepareLine(place, line), SCRIPTS.prepare, cut));
        expect(endOf(await supervise(farOf(shell), job)), cut).to.deep.equal(WHOLE);
        expect(times(), cut).to.equal(1);
      }
    });

    it('runs a command once when a line that starts it is held up, anywhere, until it is over and cleared away', async () => {
      const gate = { go: join(folder, 'go'), held: join(folder, 'held'), nap: '0.02' };
      const onlyOnce = async (name: 'begin' | 'prepare', held: string) => {
        const { place, line, job, times } = task(shell);
        for (const file of [gate.go, gate.held]) rmSync(file, { force: true });
        const first = await prepared(farOf(shell), line, place);
        const text = name === 'begin' ? beginLine(first, line) : prepareLine(place, line);
        const late = farOf(shell).exec(`${withScript(text, SCRIPTS[name], held)}; : >${gate.held}`);
        while (!existsSync(gate.held)) await new Promise(resolve => setTimeout(resolve, 5));
        expect(endOf(await supervise(farOf(shell), job)), held).to.deep.equal(WHOLE);
        await run(forgetLine(RUN, [place.key]));
        writeFileSync(gate.go, '');
        await late;
        await farOf(shell).exec(beginLine(first, line));
        expect(times(), held).to.equal(1);
      };
      for (const name of ['begin', 'prepare'] as const)
        for (const held of heldEverywhere(SCRIPTS[name], gate, isScript)) await onlyOnce(name, held);
    });

    it('runs it at most once wherever it is killed itself, and once if it had not signed', async () => {
      for (const cut of cutEverywhere(SCRIPTS.supervisor, isScript)) {
        const { place, line, job, times } = task(shell);
        await farOf(shell).exec(withScript(prepareLine(place, line), SCRIPTS.supervisor, cut));
        await begun(farOf(shell), line, place);
        await farOf(shell).exec(inheritLine(RUN, place.key));
        const { is } = endOf(await supervise(farOf(shell), job));
        if (is === 'exited') expect(times(), cut).to.equal(1);
        else {
          expect(is, cut).to.equal('lost');
          expect(times(), cut).to.be.lessThan(2);
        }
      }
    });
  });
}
