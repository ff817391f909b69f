// The command line of the lab: what is understood, and what is refused with which words.
import { expect } from 'chai';
import { readWords } from '../../lab/words.ts';

const read = (line: string): ReturnType<typeof readWords> => readWords(line.split(' ').filter(word => word !== ''));

describe('words of the lab', () => {
  it('up alone starts eight hosts with three zones each', () => {
    const fleet = { is: 'made', hosts: 8, zones: 24, seed: 1 };
    expect(read('up')).to.deep.equal({ is: 'up', dir: '.lab', fleet, speed: null, detach: false });
  });

  it('up takes a fleet file, a folder, a speed and detach', () => {
    expect(read('up --fleet seed --dir /tmp/x --speed 2.5 --detach')).to.deep.equal({
      is: 'up',
      dir: '/tmp/x',
      fleet: { is: 'file', name: 'seed' },
      speed: 2.5,
      detach: true,
    });
  });

  it('up takes numbers of hosts and zones and a seed', () => {
    expect(read('up --hosts 2 --zones 0 --seed 9')).to.deep.include({
      fleet: { is: 'made', hosts: 2, zones: 0, seed: 9 },
    });
  });

  it('fault takes a host, a name, and which time and zone', () => {
    expect(read('fault bjork out-of-memory --nth 2 --zone evac1')).to.deep.equal({
      is: 'fault',
      dir: '.lab',
      host: 'bjork',
      fault: 'out-of-memory',
      nth: 2,
      zone: 'evac1',
    });
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /up, world, fault/],
    ['start', /no `lab start`/],
    ['up now', /`now`/],
    ['up --host 3', /Unknown option '--host'/],
    ['up --hosts many', /--hosts is a whole number from 1 to 2000, not `many`/],
    ['up --hosts 0', /--hosts/],
    ['up --hosts', /--hosts/],
    ['up --zones -1', /--zones/],
    ['up --speed 0', /--speed/],
    ['up --speed fast', /--speed/],
    ['up --fleet seed --hosts 3', /leave --hosts/],
    ['fault bjork', /which host and which fault/],
    ['fault bjork a b', /`b`/],
    ['fault bjork a --nth 0', /--nth/],
    ['down now', /`now`/],
    ['world --speed 3', /--speed/],
  ];
  for (const [line, words] of refused) {
    it(`refuses \`lab ${line}\` and says why`, () => {
      const result = read(line);
      expect(result.is).to.equal('wrong');
      expect(result).to.have.property('text').that.matches(words);
    });
  }

  it('help is help wherever it stands', () => {
    for (const line of ['--help', 'up --help', 'help', 'fault -h']) expect(read(line).is).to.equal('help');
  });
});
