// pkg update: how it is called, how it ends, what it would do.
import { expect } from 'chai';
import fc from 'fast-check';
import * as pkg from '../../src/solaris/pkg.ts';
import { compareFmri, isLevel, operandOf, parseFmri } from '../../src/solaris/pkg-version.ts';
import { compareReleases } from '../../src/text/release.ts';
import { exited, says, transcript, transcriptNames } from './transcript.ts';

const WANTED = { be: 'r81', entire: '11.4-11.4.81.0.1.193.1', everything: true, zonesAtOnce: 2 };

describe('pkg update', () => {
  it('always builds a named boot environment and never activates it', () => {
    expect(pkg.update(WANTED).argv.join(' ')).to.equal(
      '/usr/bin/pkg update --accept --no-be-activate --be-name r81 -C 2 entire@11.4-11.4.81.0.1.193.1 *',
    );
    expect(pkg.updatePlan(WANTED).argv.slice(0, 4)).to.deep.equal(['/usr/bin/pkg', 'update', '-n', '--parsable=0']);
    expect(pkg.updatePlan(WANTED).changes).to.equal(false);
  });

  for (const [name, end] of [
    ['pkg/update-no-be-activate', 'done'],
    ['pkg/update-done', 'done'],
    ['pkg/update-nothing', 'nothing-to-do'],
    ['pkg/error-image-locked', 'locked'],
    ['pkg/error-licence', 'licence'],
    ['pkg/error-out-of-date', 'out-of-date'],
    ['pkg/error-no-solution', 'constrained'],
    ['pkg/error-constrained', 'constrained'],
    ['pkg/error-be-exists', 'failed'],
  ] as const)
    it(`takes ${name} for ${end}`, () => {
      expect(pkg.update(WANTED).read(exited(name))).to.have.nested.property('value.end', end);
    });

  it('has an end for every status of the manual, and for no other', () => {
    const known = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 51, 52, 53, 54, 99];
    for (let code = 0; code < 256; code += 1)
      expect(pkg.endOf(code) !== null, String(code)).to.equal(known.includes(code));
    expect(pkg.readUpdate(says('', 77))).to.have.property('is', 'unreadable');
  });

  it("tells in pkg's own words why it failed", () => {
    for (const name of transcriptNames().filter(one => one.startsWith('pkg/error-'))) {
      const read = pkg.update(WANTED).read(exited(name));
      const first = transcript(name).output.trim().split('\n')[0] ?? '';
      if (read.is !== 'ok') throw new Error(name);
      expect(read.value.said, name).to.contain(first.trim());
    }
  });

  it('finds the clone that a failed update leaves mounted', () => {
    expect(pkg.cloneLeftBy(exited('pkg/error-in-clone'))).to.deep.equal({ be: 'r81', mountpoint: '/tmp/tmpAbCdEf' });
    expect(pkg.cloneLeftBy(exited('pkg/error-be-exists'))).to.equal(null);
  });

  it('tells progress by phase', () => {
    const lines = transcript('pkg/progress-plain').output.trimEnd().split('\n');
    expect(lines.map(pkg.progress)).not.to.include(null);
    expect(pkg.progress(' Startup: Refreshing catalog ... Done')).to.have.property('phase', 'Startup');
  });
});

describe('the plan of an update', () => {
  const read = pkg.updatePlan(WANTED);

  it('says what it makes, what it needs, and which level it reaches', () => {
    const planned = read.read(exited('pkg/update-parsable'));
    if (planned.is !== 'ok' || planned.value.is !== 'plan') throw new Error(JSON.stringify(planned));
    const { plan } = planned.value;
    expect(plan).to.include({ beName: 'r81', createsBe: true, changed: 1, spaceRequired: 1234567890 });
    expect(plan.entire?.to.branch).to.equal('11.4.81.0.1.193.1');
  });

  it('is found among other text', () => {
    const line = transcript('pkg/update-parsable').output;
    expect(read.read(says(`Unable to set locale\n${line}trailing\n`))).to.have.nested.property('value.is', 'plan');
  });

  it('is nothing to do at exit 4, whatever is printed', () => {
    expect(read.read(says('', 4))).to.deep.equal({ is: 'ok', value: { is: 'nothing-to-do' } });
  });

  it('names the zones that are updated along', () => {
    const line = transcript('pkg/update-parsable').output.replace(
      '"child-images": []',
      '"child-images": [{"image-name": "zone:tzone1"}]',
    );
    expect(read.read(says(line))).to.have.deep.nested.property('value.plan.zones', ['tzone1']);
  });

  it('is unreadable when a field is missing, of another kind, or of another version', () => {
    const line = transcript('pkg/update-parsable').output;
    for (const [old, now] of [
      ['"version": 0', '"version": 1'],
      ['"space-available": 203812345678, ', ''],
      ['"create-new-be": true', '"create-new-be": "yes"'],
      ['"change-packages"', '"changed"'],
      ['{', '['],
    ] as const)
      expect(read.read(says(line.replace(old, now))), now).to.have.property('is', 'unreadable');
  });

  it('is refused with the end that pkg came to', () => {
    expect(read.read(exited('pkg/error-no-solution')))
      .to.have.property('why')
      .that.contains('constrained: ');
  });
});

describe('what is installed and from where', () => {
  it('is the level of entire', () => {
    expect(pkg.entire().read(exited('pkg/list-Hv-entire'))).to.deep.equal({
      is: 'ok',
      value: {
        fmri: 'pkg://solaris/entire@11.4-11.4.42.0.0.111.0:20211203T221558Z',
        branch: '11.4.42.0.0.111.0',
        version: '11.4-11.4.42.0.0.111.0',
      },
    });
  });

  it('is not a package that is merely known', () => {
    const line = transcript('pkg/list-Hv-entire').output.replace('i--', '---');
    expect(pkg.entire().read(says(line))).to.have.property('is', 'unreadable');
  });

  it('is each publisher with its repository', () => {
    expect(pkg.publishers().read(exited('pkg/publisher-tsv'))).to.deep.equal({
      is: 'ok',
      value: [{ name: 'solaris', type: 'origin', status: 'online', uri: 'http://pkg.oracle.com/solaris/release/' }],
    });
    expect(pkg.publishers().read(exited('pkg/publisher'))).to.have.property('is', 'unreadable');
  });
});

describe('which version is newer', () => {
  const dotted = fc.oneof(
    fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }).map(parts => parts.join('.')),
    fc.string({ maxLength: 6 }),
  );

  it('goes by numbers, not by letters', () => {
    expect(compareReleases('11.4.9', '11.4.10')).to.be.below(0);
    expect(compareReleases('11.4.81', '11.4.81.0.1')).to.be.below(0);
    expect(compareReleases('11.4.81.0.1.193.1', '11.4.81.0.1.193.1')).to.equal(0);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(dotted, dotted, dotted, (a, b, c) => {
        expect(Math.sign(compareReleases(a, b)) + Math.sign(compareReleases(b, a))).to.equal(0);
        expect(compareReleases(a, a)).to.equal(0);
        if (compareReleases(a, b) <= 0 && compareReleases(b, c) <= 0) expect(compareReleases(a, c)).to.be.at.most(0);
      }),
      { numRuns: 500 },
    );
  });

  it('counts the branch before the time of publishing', () => {
    const old = parseFmri('pkg://solaris/entire@11.4,5.11-11.4.80.0.1.189.2:20250620T221212Z');
    const now = parseFmri('pkg://solaris/entire@11.4-11.4.81.0.1.193.1:20250520T221212Z');
    if (!old || !now) throw new Error('not FMRIs');
    expect(compareFmri(old, now)).to.be.below(0);
    expect(operandOf(now)).to.equal('11.4-11.4.81.0.1.193.1');
    expect(isLevel(now.branch, '11.4.81')).to.equal(true);
    expect(isLevel('11.4.810', '11.4.81')).to.equal(false);
  });
});
