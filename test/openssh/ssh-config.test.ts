// What we read in SSH configurations is what OpenSSH's own client reads in them: `ssh -G` prints it, for configurations
// written by hand and for many made by chance.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { expect } from 'chai';
import fc from 'fast-check';
import { diskFiles } from '../../src/edge/files.ts';
import { surroundings } from '../../src/edge/surroundings.ts';
import { namedSshConfig } from '../../src/load/ssh/config-files.ts';
import { hopOf } from '../../src/load/ssh/hop.ts';
import { type Settings, settingsFor } from '../../src/load/ssh/settings.ts';
import { spanOf } from '../../src/text/span.ts';
import { freshFolders } from '../edge/folder.ts';
import { told } from './keys.ts';

type Picture = Readonly<Record<string, string>>;

const HOSTS = ['bjork', 'evac1', 'evac2.example.com', '10.0.0.7', 'Bjork'] as const;
const STRICT: Readonly<Record<string, string>> = {
  true: 'yes',
  ask: 'yes',
  false: 'accept-new',
  'accept-new': 'accept-new',
};

/** What the client would do, in words that both of us have. */
function theirs(file: string, host: string): Picture {
  const said = new Map<string, string[]>();
  for (const line of told('ssh', '-G', '-F', file, host).split('\n')) {
    const [keyword = '', ...words] = line.split(' ');
    said.set(keyword, [...(said.get(keyword) ?? []), words.join(' ')]);
  }
  const one = (keyword: string): string => said.get(keyword)?.[0] ?? '';
  const timeout = one('connecttimeout');
  return {
    address: one('hostname'),
    port: one('port'),
    user: one('user'),
    identityFiles: (said.get('identityfile') ?? []).filter(path => !path.startsWith('~/.ssh/id_')).join(' '),
    identitiesOnly: one('identitiesonly'),
    agent: one('identityagent') || 'SSH_AUTH_SOCK',
    knownHosts: [one('userknownhostsfile'), one('globalknownhostsfile')].join(' '),
    alias: one('hostkeyalias'),
    policy: STRICT[one('stricthostkeychecking')] ?? one('stricthostkeychecking'),
    timeout: timeout === 'none' || timeout === '0' ? '10' : timeout,
    alive: `${one('serveraliveinterval') === '0' ? '15' : one('serveraliveinterval')} ${one('serveralivecountmax')}`,
    jump: one('proxyjump'),
    command: one('proxycommand'),
  };
}

const words = (settings: Settings, keyword: string): string => {
  const said = settings.get(keyword)?.[0]?.words.join(' ') ?? '';
  return said === 'none' ? '' : said;
};

async function ours(file: string, host: string): Promise<Picture> {
  const around = surroundings();
  const config = await namedSshConfig(diskFiles(), around, { path: file, at: spanOf('-F') });
  const asked = { host, user: null, port: null };
  const { settings } = settingsFor(config, asked, around, new Map());
  const { hop } = hopOf(settings, asked, around);
  const usual = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
  const atHome = (path: string): string => path.replace(/^~/, around.home);
  return {
    address: hop.address.toLowerCase(),
    port: String(hop.port),
    user: hop.user,
    identityFiles: (hop.identityFiles ?? []).join(' '),
    identitiesOnly: hop.identitiesOnly ? 'yes' : 'no',
    agent: settings.get('identityagent')?.[0]?.words[0] ?? 'SSH_AUTH_SOCK',
    knownHosts: (hop.knownHosts ?? usual).map(atHome).join(' '),
    alias: hop.hostKeyAlias ?? '',
    policy: hop.hostKeyPolicy,
    timeout: String(hop.connectTimeoutMs / 1000),
    alive: `${hop.keepalive.everyMs / 1000} ${hop.keepalive.count}`,
    jump: words(settings, 'proxyjump'),
    command: words(settings, 'proxycommand'),
  };
}

const CORPUS: Readonly<Record<string, string>> = {
  'the first word counts, and Host * comes last':
    'Host bjork\n  User maint\n  Port 2222\n\nHost *\n  User root\n  Port 22\n  ConnectTimeout 7\n',
  'words before any Host hold for all': 'User early\nHost *\n  User late\n',
  'a pattern with ! takes its host out': 'Host *.example.com !evac2.* bjork\n  User maint\nHost !bjork\n  Port 9\n',
  'equals signs, quotes, tabs and comments':
    'User="two words"\n\tPort = 2022 # not 22\nHostKeyAlias \'a b\'\n  # User x\nIdentityFile "/keys/a key"\n',
  'keywords in any case': 'hOsT bjork\n  hostname 10.1.1.1\n  SERVERALIVEINTERVAL 5\n  serveralivecountmax 2\n',
  'Match host looks at the name that HostName made':
    'Host bjork\n  HostName 10.0.0.2\nMatch host 10.0.0.*\n  User net\nMatch originalhost bjork,evac1 user net\n  Port 77\n',
  'Match with a negation and all': 'Match !host bjork\n  User others\nMatch all\n  Port 2200\n',
  'Match user sees the user so far': `Match user ${userInfo().username}\n  Port 1\nHost bjork\n  User maint\nMatch user maint\n  HostName m.example.com\nMatch localuser ${userInfo().username}\n  ConnectTimeout 3\n`,
  'Match final reads all again':
    'Host bjork\n  HostName bjork.example.com\nMatch final host *.example.com\n  User fin\nHost *.example.com\n  Port 8\n',
  'HostName with %h': 'Host bjork evac1\n  HostName %h.example.com\nHost *\n  HostName no%%where\n',
  'several identity files, once each':
    'IdentityFile /a\nIdentityFile /b\nIdentityFile /a\nIdentitiesOnly yes\nIdentityAgent /run/agent\n',
  'known hosts': 'UserKnownHostsFile /k1 ~/k2\nGlobalKnownHostsFile /g\nStrictHostKeyChecking accept-new\n',
  'a jump keeps a command out, and a command a jump':
    'Host bjork\n  ProxyJump a,b@c:7\nHost bjork evac1\n  ProxyCommand nc %h %p\nHost *\n  ProxyJump z\n',
  'none is a word, too':
    'Host bjork\n  ProxyJump none\n  IdentityAgent none\nHost *\n  ProxyJump gate\n  IdentityAgent /x\n',
  'times with units': 'ConnectTimeout 1m30s\nServerAliveInterval 2m\n',
  'an Include in a Host holds for that host only': 'Host bjork\n  Include inc/*.conf\n  Port 5\nHost *\n  User after\n',
  'an Include at the top gives back what held': 'Include inc/a.conf inc/none.conf\nUser last\nHost evac1\n  Port 3\n',
};

const INCLUDED = {
  'a.conf': 'User inc\nHost evac1\n  Port 4\n',
  'b.conf': 'Match all\n  HostKeyAlias b\n',
  '.hidden.conf': 'Port 1\n',
};

const pattern = fc.constantFrom('*', 'bjork', 'evac?', '*.example.com', '!bjork', '!*.com', '10.0.0.*', 'b*k', 'BJORK');
const criterion = fc.oneof(
  fc.constantFrom('all', 'final', 'canonical'),
  fc
    .record({
      not: fc.constantFrom('', '!'),
      what: fc.constantFrom('host', 'originalhost', 'user', 'localuser'),
      of: fc.array(fc.constantFrom('bjork', 'evac*', 'maint', 'net', '!net', '*'), { minLength: 1, maxLength: 2 }),
    })
    .map(({ not, what, of }) => `${not}${what} ${of.join(',')}`),
);
const setting = fc.constantFrom(
  ...['User maint', 'User net', 'Port 2222', 'Port=23', 'HostName evac9', 'HostName %h.example.com', 'IdentityFile /a'],
  ...['IdentityFile /b', 'IdentitiesOnly yes', 'ProxyJump gate', 'ProxyJump none', 'ProxyCommand nc %h %p'],
  ...['HostKeyAlias one', 'ConnectTimeout 5', 'ServerAliveInterval 9', 'StrictHostKeyChecking accept-new'],
  ...['UserKnownHostsFile /k', 'Include inc/a.conf', 'Include inc/*.conf'],
);
const line = fc.oneof(
  { weight: 2, arbitrary: fc.array(pattern, { minLength: 1, maxLength: 3 }).map(all => `Host ${all.join(' ')}`) },
  { weight: 1, arbitrary: criterion.map(one => `Match ${one}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(
        criterion.filter(one => one !== 'all'),
        { minLength: 2, maxLength: 3 },
      )
      .map(all => `Match ${all.join(' ')}`),
  },
  { weight: 6, arbitrary: setting.map(one => `  ${one}`) },
);

describe('an SSH configuration says to us what it says to ssh', () => {
  const folder = freshFolders();

  /** Relative paths of Include start from ~/.ssh, which is not ours: here they are absolute. */
  function written(text: string): string {
    const dir = folder();
    mkdirSync(join(dir, 'inc'));
    for (const [name, body] of Object.entries(INCLUDED)) writeFileSync(join(dir, 'inc', name), body);
    const file = join(dir, 'config');
    writeFileSync(file, text.replaceAll('inc/', `${dir}/inc/`));
    return file;
  }

  for (const [claim, text] of Object.entries(CORPUS)) {
    it(claim, async () => {
      const file = written(text);
      for (const host of HOSTS) expect(await ours(file, host), host).to.deep.equal(theirs(file, host));
    });
  }

  it('whatever is written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 14 }), fc.constantFrom(...HOSTS), async (lines, host) => {
        const file = written(lines.join('\n'));
        expect(await ours(file, host)).to.deep.equal(theirs(file, host));
      }),
      { numRuns: Number(process.env['FUZZ'] ?? 1) * 300 },
    );
  });
});
