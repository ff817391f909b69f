// The facts script really run: by every shell that is here, with stub programs in place of those of Solaris.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Exited, type Finished, lineOf } from '../../src/model/command.ts';
import type { Facts } from '../../src/model/facts.ts';
import { readFacts, writeFacts } from '../../src/model/facts-file.ts';
import { hostFacts } from '../../src/solaris/host-facts.ts';
import { readFacts as readFactsOf } from '../../src/solaris/host-facts-reader.ts';
import { partsOf } from '../../src/solaris/parts.ts';
import { quoteWord } from '../../src/text/shell.ts';
import { says, transcript } from './transcript.ts';

const shells = ['sh', 'dash', 'bash', 'ksh', 'ksh93', 'mksh'].filter(
  name => spawnSync(name, ['-c', ':'], { stdio: 'ignore' }).status === 0,
);

interface Answer {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}
type Answers = Readonly<Record<string, Answer>>;

const t = (name: string): string => transcript(name).output;
const NO_TARGET = (of: string): Answer => ({
  err: `svcprop: Couldn't find property group \`evacuation/target' for ${of}.\n`,
  code: 1,
});
const instance = (zone: string): string => `svc:/system/zones/zone:${zone}`;

/** A host with one kernel zone that may leave and one native zone that stays. */
const NACAOZUMBI: Answers = {
  'date +%s': { out: '1517533800\n' },
  'uname -a': { out: t('uname/a') },
  'kstat -p unix:0:system_misc:boot_time': { out: t('kstat/boot-time') },
  'kstat -p unix:0:system_pages:freemem': { out: t('kstat/freemem') },
  'kstat -p zfs:0:arcstats:size': { out: 'zfs:0:arcstats:size\t1073741824\n' },
  pagesize: { out: '4096\n' },
  prtconf: { out: `System Configuration:  Oracle Corporation  i86pc\n${t('prtconf/memory')}` },
  psrinfo: { out: '0\ton-line\n1\ton-line\n' },
  'psrinfo -pv': { out: 'The physical processor has 2 virtual processors (0-1)\n  x86 (GenuineIntel 306F2)\n' },
  'beadm list -H': { out: t('beadm/list-H') },
  'pkg list -Hv entire': { out: t('pkg/list-Hv-entire') },
  'pkg publisher -F tsv': { out: t('pkg/publisher-tsv') },
  'svcs -H -o state,fmri svc:/system/rad:local': { out: 'online          svc:/system/rad:local\n' },
  'svcs -H -o state,fmri svc:/system/rad:remote': {
    err: "svcs: Pattern 'svc:/system/rad:remote' doesn't match any instances\n",
    code: 1,
  },
  'svcs -H -o state,fmri': { out: 'online          svc:/system/rad:local\nmaintenance     svc:/x:default\n' },
  'sysadm maintain -l': { out: t('sysadm/maintain-l') },
  'sysadm maintain -l -p -o MESSAGE': { out: 'updating to new build\n' },
  'sysadm evacuate -l': { err: t('sysadm/evacuate-l-none') },
  'sysadm evacuate -l -p -o ZONENAME,STATE': { err: t('sysadm/evacuate-l-none') },
  'sysadm evacuate -l -p -o DEST': { err: t('sysadm/evacuate-l-none') },
  'sysadm evacuate -l -p -o ERROR': { err: t('sysadm/evacuate-l-none') },
  'zpool list -Hp -o name,size,free,cap,health': { out: 'rpool\t214748364800\t204010946560\t5\tONLINE\n' },
  id: { out: 'uid=0(root) gid=0(root)\n' },
  profiles: { out: 'All\n' },
  auths: { out: 'solaris.*\n' },
  'pgrep -lf (pkg|zoneadm|beadm|sysadm|ldm) ': { out: '4711 /usr/bin/python3.9 /usr/bin/pkg update -n\n' },
  'zoneadm list -cp': {
    out: '0:global:running:/::solaris:shared:-:none::\n82:evac1:running:-:u1:solaris-kz:excl:-:solaris-kz::\n-:mqlzexcl:installed:/zones/a\\:b:u2:solaris:excl:-:none::\n',
  },
  'zoneadm list -cs': {
    out: 'NAME             STATUS           AUXILIARY STATE\nglobal           running\nevac1            running          migrating-out\nmqlzexcl         installed\n',
  },
  'zonecfg -z evac1 info -a': { out: t('zonecfg/info-a-kernel-zone') },
  'zonecfg -z mqlzexcl info -a': { out: t('zonecfg/info-a-native') },
  [`svcprop -p evacuation/target ${instance('evac1')}`]: { out: 'ssh://root@bjork\n' },
  [`svcprop -C -p evacuation/target ${instance('evac1')}`]: { out: 'ssh://root@bjork\n' },
  [`svcprop -p evacuation/target ${instance('mqlzexcl')}`]: NO_TARGET(instance('mqlzexcl')),
  [`svcprop -C -p evacuation/target ${instance('mqlzexcl')}`]: NO_TARGET(instance('mqlzexcl')),
  'svcprop -p evacuation/target svc:/system/zones/zone': NO_TARGET('service `svc:/system/zones/zone'),
};

/** One stub for each program: it knows the whole command lines above and no others. */
function install(dir: string, answers: Answers): void {
  const programs = new Set(Object.keys(answers).map(line => line.split(' ')[0] ?? ''));
  for (const program of programs) {
    const lines = Object.entries(answers).filter(([line]) => line.split(' ')[0] === program);
    const cases = lines.map(([line, { out = '', err = '', code = 0 }]) => {
      const args = line.slice(program.length + 1);
      return `${quoteWord(args)}) printf %s ${quoteWord(out)}; printf %s ${quoteWord(err)} >&2; exit ${code} ;;`;
    });
    const path = join(dir, program);
    writeFileSync(path, `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\nesac\necho "no stub: $0 $*" >&2; exit 64\n`);
    chmodSync(path, 0o755);
  }
}

describe('the facts of a host, in one exec', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'facts-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const asking = { host: 'nacaozumbi', at: '2018-02-02T01:10:00.000Z' };

  function run(answers: Answers, shell: string): Exited {
    install(dir, answers);
    const script = (hostFacts(asking).argv[2] ?? '').replaceAll(/\/usr\/s?bin\//g, `${dir}/`);
    const { stdout, stderr, status } = spawnSync(shell, ['-c', script], { encoding: 'utf8' });
    return { is: 'exited', code: status ?? -1, out: stdout, err: stderr };
  }

  function answered(answers: Answers): { readonly mark: string; readonly parts: ReadonlyMap<string, Finished> } {
    const mark = /^zf=([^;]+);/.exec(hostFacts(asking).argv[2] ?? '')?.[1] ?? '';
    return { mark, parts: partsOf(mark, run(answers, 'sh')) };
  }

  function observe(answers: Answers, shell = 'sh'): Facts {
    const read = hostFacts(asking).read(run(answers, shell));
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    return read.value;
  }

  for (const shell of shells)
    it(`${shell} learns everything about a healthy host`, () => {
      const facts = observe(NACAOZUMBI, shell);
      expect(facts.unreadable).to.deep.equal([]);
      expect(facts.boot).to.deep.equal({ is: 'known', value: { time: 1548249689 } });
      expect(facts.be).to.have.nested.property('value.active', 'BE5');
      expect(facts.entire).to.have.nested.property('value.branch', '11.4.42.0.0.111.0');
      expect(facts.maintenance).to.include({ is: 'closed', message: 'updating to new build' });
      expect(facts.record).to.deep.equal({ is: 'none' });
      expect(facts.rad.local).to.deep.equal({ is: 'known', value: 'online' });
      expect(facts.rad.remote).to.have.property('is', 'unknown');
      expect(facts.memory.freeBytes).to.deep.equal({ is: 'known', value: 632476 * 4096 });
      expect(facts.services).to.have.deep.nested.property('value.maintenance', ['svc:/x:default']);
      expect(facts.atWork).to.have.property('value').with.length(1);
      expect(facts.defaultTarget).to.deep.equal({ is: 'known', value: { is: 'none' } });
    });

  for (const shell of shells)
    it(`${shell} learns of each zone how it is configured and where it would go`, () => {
      const { zones } = observe(NACAOZUMBI, shell);
      if (zones.is !== 'known') throw new Error(zones.why);
      const [evac1, mqlzexcl, ...more] = zones.value;
      expect(more).to.deep.equal([]);
      expect(evac1).to.include({ name: 'evac1', id: 82, state: 'running', brand: 'solaris-kz' });
      expect(evac1?.aux).to.deep.equal({ is: 'known', value: 'migrating-out' });
      expect(evac1).to.have.deep.nested.property('configuration.value.ram', { is: 'reserved', bytes: 2 ** 32 });
      expect(evac1?.target).to.deep.equal({ is: 'known', value: { is: 'set', uri: 'ssh://root@bjork' } });
      expect(mqlzexcl).to.include({ name: 'mqlzexcl', id: null, path: '/zones/a:b' });
      expect(mqlzexcl?.instanceTarget).to.deep.equal({ is: 'known', value: { is: 'none' } });
    });

  it('can be kept in a file and read back', () => {
    const facts = observe(NACAOZUMBI);
    expect(readFacts(writeFacts([facts]))).to.deep.equal({ is: 'ok', hosts: [facts] });
  });

  // Each question in turn is refused, met with silence, or with nonsense: what depends on it is unknown, never empty.
  const ills: Readonly<Record<string, Finished>> = {
    'is refused': says('', 1, 'not allowed\n'),
    'is met with silence': says(''),
    'is met with nonsense': says('?\n'),
    'is killed': { is: 'signalled', name: '15', out: '', err: '' },
  };
  // Without a record there are no rows to ask for; a window is told by its first listing too; the rest is one of two zones' own target.
  const SPARE = ['record states', 'record destinations', 'record errors', 'rad remote', 'message'];
  const TARGETS = ['default target', 'target evac1', 'own evac1', 'target mqlzexcl', 'own mqlzexcl'];
  // Nothing said of maintenance is judged by the rest; a target or a name is whatever stands there.
  const SAYS_LESS: Readonly<Record<string, readonly string[]>> = {
    'is refused': ['window'],
    'is met with silence': ['window'],
    'is met with nonsense': ['at work', 'profiles', 'auths', 'processors', ...TARGETS],
    'is killed': [],
  };
  for (const [how, ended] of Object.entries(ills))
    it(`takes nothing for empty when a question ${how}`, () => {
      const { parts, mark } = answered(NACAOZUMBI);
      const healthy = readFactsOf(asking, mark, parts);
      expect(parts.size).to.be.above(30);
      for (const part of [...parts.keys()].filter(one => !SPARE.includes(one) && !SAYS_LESS[how]?.includes(one))) {
        const facts = readFactsOf(asking, mark, new Map([...parts, [part, ended]]));
        expect(unknowns(facts), `${part} ${how}`).to.be.above(unknowns(healthy));
      }
    });

  it('does not believe in an open host when the record is silent', () => {
    const facts = observe({ ...NACAOZUMBI, 'sysadm maintain -l': {}, 'sysadm evacuate -l': {} });
    expect(facts.maintenance).to.have.property('is', 'unknown');
    expect(facts.record).to.have.property('is', 'unknown');
  });

  it('reads the shorter listing where a release does not know the longer', () => {
    const short = { out: t('zonecfg/info-a-kernel-zone').replace('autoboot: false\n', '') };
    const facts = observe({
      ...NACAOZUMBI,
      'zonecfg -z evac1 info -a': { err: 'zonecfg: illegal option -- a\n', code: 2 },
      'zonecfg -z evac1 info': short,
    });
    if (facts.zones.is !== 'known') throw new Error(facts.zones.why);
    expect(facts.zones.value[0]).to.have.nested.property('configuration.value.autoboot', false);
  });

  it('lists the line that it cannot read, and does not know the zones', () => {
    const line = '1:evac1:asleep:-::solaris-kz:excl:-:::';
    const facts = observe({ ...NACAOZUMBI, 'zoneadm list -cp': { out: `${line}\n` } });
    expect(facts.zones).to.have.property('is', 'unknown');
    expect(facts.unreadable).to.deep.include({ part: 'zones', line, why: 'not a zone state that is known' });
  });

  it('asks nothing about a zone whose name a shell could misread', () => {
    const evil = '1:$(touch oops):running:-::solaris-kz:excl:-:::\n';
    const facts = observe({ ...NACAOZUMBI, 'zoneadm list -cp': { out: evil } });
    if (facts.zones.is !== 'known') throw new Error(facts.zones.why);
    expect(facts.zones.value[0]?.configuration).to.have.property('is', 'unknown');
  });

  it('is not at work itself', () => {
    const command = hostFacts(asking);
    const own = lineOf(command, { method: 'sudo', user: 'root' });
    const facts = observe({
      ...NACAOZUMBI,
      'pgrep -lf (pkg|zoneadm|beadm|sysadm|ldm) ': { out: `17 ${own.slice(0, 480)}\n` },
    });
    expect(facts.atWork).to.deep.equal({ is: 'known', value: [] });
  });

  it('is a refusal when no shell would start', () => {
    const ended = { is: 'exited', code: 1, out: '', err: 'sudo: a password is required\n' } as const;
    expect(hostFacts(asking).read(ended)).to.deep.equal({ is: 'refused', why: 'sudo: a password is required' });
  });

  it('survives being quoted into one line for a login shell', () => {
    install(dir, NACAOZUMBI);
    const command = hostFacts(asking);
    const line = lineOf(command, { method: 'none', user: '' }).replaceAll(/\/usr\/s?bin\//g, `${dir}/`);
    const out = execFileSync('bash', ['-c', `${line} 2>${quoteWord(join(dir, 'err'))}`], { encoding: 'utf8' });
    expect(out).to.contain('end 0 zones');
  });
});

function unknowns(facts: Facts): number {
  return JSON.stringify(facts).split('"is":"unknown"').length;
}
