// Facts written to a file come back as they were, and a wrong file is told with its places.
import { expect } from 'chai';
import { type Facts, known, unknown } from '../../src/model/facts.ts';
import { readFacts, writeFacts } from '../../src/model/facts-file.ts';

const nacaozumbi: Facts = {
  host: 'nacaozumbi',
  at: '2018-02-02T01:10:00.000Z',
  clock: known(1517533800),
  os: known({ release: '5.11', version: '11.4.80.189.2', arch: 'i386', platform: 'i86pc', nodename: 'nacaozumbi' }),
  boot: known({ time: 1517000000 }),
  be: unknown('beadm list: exit 1'),
  entire: known({
    fmri: 'pkg://solaris/entire@11.4-11.4.80:20250420T221212Z',
    branch: '11.4.80',
    version: '11.4-11.4.80',
  }),
  maintenance: { is: 'closed', user: 'root', date: '2018-02-02 01:10', message: 'updating to new build' },
  record: { is: 'rows', rows: [{ zone: 'evac1', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' }] },
  rad: { local: known('online'), remote: unknown('no such service') },
  memory: { totalBytes: known(17179869184), freeBytes: known(2590621696), arcBytes: unknown('no such statistic') },
  cpus: known(16),
  cpuClass: unknown('psrinfo said nothing'),
  pools: known([{ name: 'rpool', sizeBytes: 200, freeBytes: 190, capacityPercent: 5, health: 'ONLINE' }]),
  services: known({ maintenance: [], degraded: [], offline: [], inTransition: [] }),
  publishers: known([]),
  zones: known([
    {
      name: 'evac1',
      id: null,
      brand: 'solaris-kz',
      state: 'configured',
      aux: known(''),
      path: '-',
      uuid: '',
      configuration: known({
        autoboot: false,
        ram: { is: 'reserved', bytes: 4294967296 },
        vcpus: { is: 'virtual', count: 4 },
        storage: ['iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017'],
        cpuArch: 'generic',
        hostCompatible: '',
        autoshutdown: 'shutdown',
        movable: { is: 'movable' },
        properties: [{ resource: 'virtual-cpu', index: 0, name: 'ncpus', value: '4' }],
      }),
      target: known({ is: 'set', uri: 'ssh://root@bjork' }),
      instanceTarget: known({ is: 'none' }),
    },
  ]),
  defaultTarget: known({ is: 'none' }),
  rights: { user: known({ name: 'root', uid: 0 }), profiles: known(['All']), auths: known([]) },
  atWork: known([]),
  unreadable: [{ part: 'pools', line: '?', why: 'too few columns' }],
};

describe('the facts file', () => {
  it('gives back what was written, unknown facts as unknown', () => {
    expect(readFacts(writeFacts([nacaozumbi]))).to.deep.equal({ is: 'ok', hosts: [nacaozumbi] });
  });

  it('refuses a file of another version', () => {
    const text = writeFacts([nacaozumbi]).replace('"version": 1,', '"version": 2,');
    expect(readFacts(text)).to.have.property('is', 'wrong');
  });

  it('names the place of each wrong value, and takes nothing for missing', () => {
    const { record, ...rest } = nacaozumbi;
    const text = writeFacts([nacaozumbi]).replace(JSON.stringify(rest.at), '7');
    const without = JSON.stringify({
      ...JSON.parse(text),
      hosts: [{ ...JSON.parse(text).hosts[0], record: undefined }],
    });
    const read = readFacts(without);
    if (read.is === 'ok') throw new Error(`read ${record.is}`);
    expect(read.problems.map(problem => problem.split(':')[0])).to.have.members(['hosts.0.at', 'hosts.0.record']);
  });

  it('says so when it is no JSON at all', () => {
    expect(readFacts('facts')).to.deep.equal({ is: 'wrong', problems: ['not JSON'] });
  });
});
