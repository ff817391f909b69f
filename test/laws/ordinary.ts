// Ordinary work as a subject of the laws: files, links, lines and programs on the simulated hosts, in a folder of their
// own. "As before" means names, kinds, modes, owners and every byte in it.
import { createHash } from 'node:crypto';
import { hostName, type HostName } from '../../src/model/ids.ts';
import type { Fetched, Keep } from '../../src/model/ports.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { Site } from '../fleet/site.ts';
import { PAIR } from './fleets.ts';
import type { Subject, World } from './subject.ts';

const PLAYBOOK = `
- hosts: all
  on_failure: rollback
  tasks:
    - file: { path: /var/tmp/t/etc/app, state: directory, mode: '0750' }
    - copy: { dest: /var/tmp/t/etc/app/app.conf, content: "host {{host.name}}\\n", mode: '0640' }
      register: conf
    - copy: { dest: /var/tmp/t/motd, content: "closed\\n", backup: yes }
    - copy: { dest: /var/tmp/t/link, content: "behind the link" }
    - lineinfile: { path: /var/tmp/t/users, regexp: '^oracle:', line: 'oracle:x:101' }
    - lineinfile: { path: /var/tmp/t/new, line: only, create: yes }
    - file: { path: /var/tmp/t/current, state: link, src: etc/app }
    - file: { path: /var/tmp/t/users, mode: 'go=' }
    - file: { path: /var/tmp/t/old, state: absent }
    - file: { path: /var/tmp/t/marker, state: touch }
    - stat: { path: /var/tmp/t/current }
      register: current
    - assert: { that: [current.stat.islnk, 'conf.mode == "0640"'] }
    - shell: { cmd: 'echo done > /var/tmp/t/ran', creates: /var/tmp/t/ran }
      undo:
        - file: { path: /var/tmp/t/ran, state: absent }
    - fetch: { src: /var/tmp/t/users, dest: out }
    - copy: { src: profile/, dest: /var/tmp/t/etc/profile, mode: '0640', directory_mode: '0750', owner: '2' }
      register: profile
    - assert: { that: profile.changed && profile.files.size() == 2 }
`;

const PROFILE: Readonly<Record<string, string>> = { 'profile/limits': 'nofile 4096\n', 'profile/d/java': 'heap\n' };

const READY = `mkdir /var/tmp/t; cd /var/tmp/t
printf 'open\\n' > motd; chmod 604 motd
printf 'root:x:0\\noracle:x:100\\n' > users; chmod 644 users
printf 'real' > real; ln -s real link; ln -s nowhere current
printf '\\000\\001' > old; chmod 4751 old
mkdir -p etc/profile/d; printf small > etc/profile/d/java; printf theirs > etc/profile/other`;

const PICTURE = `cd /var/tmp/t && find . | sort | while read f; do
ls -ldn "$f" | awk '{ print $1, $3, $4, $9, $10, $11 }'
[ -h "$f" ] || [ ! -f "$f" ] || od -An -tx1 "$f"
done`;

const stores = new WeakMap<World, { readonly keep: Keep; readonly fetched: Fetched }>();

export async function ordinarySubject(): Promise<Subject> {
  const sites = new WeakMap<World, Site>();
  const makeWorld = async (): Promise<World> => {
    const site = new Site(PAIR);
    const sh = async (host: HostName, text: string): Promise<string> => {
      const ended = await site.simulated.hosts(host).exec(text, { limitMs: 600_000 });
      if (ended.is !== 'exited' || ended.code !== 0) throw new Error(JSON.stringify(ended));
      return ended.out;
    };
    for (const name of site.names) await sh(hostName(name), READY);
    const world: World = {
      hosts: site.simulated.hosts,
      snapshot: host => sh(host, PICTURE),
      settle: () => site.simulated.clock.sleep(3_600_000, 1),
      close: () => Promise.resolve(),
    };
    sites.set(world, site);
    stores.set(world, { keep: memoryKeep(), fetched: memoryFetched() });
    return world;
  };
  const siteOf = (world: World): Site => {
    const site = sites.get(world);
    if (site === undefined) throw new Error('a world of another subject');
    return site;
  };
  const first = siteOf(await makeWorld());
  const playbook = 'playbooks/ordinary.yml';
  const beside = Object.fromEntries(Object.entries(PROFILE).map(([path, text]) => [`playbooks/${path}`, text]));
  const plan = await first.plan({ playbook, files: { [playbook]: PLAYBOOK, ...beside }, limit: 'nacaozumbi' });
  const setting: Subject['setting'] = (world, journal) => ({
    ...siteOf(world).setting(journal),
    ...stores.get(world),
    localFile: path => Promise.resolve(PROFILE[path] === undefined ? null : Buffer.from(PROFILE[path])),
  });
  return { plan, catalogue, makeWorld, setting };
}

function memoryKeep(): Keep {
  const kept = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const digest = createHash('sha256').update(bytes).digest('hex');
      kept.set(digest, bytes);
      return Promise.resolve(digest);
    },
    get: digest => Promise.resolve(kept.get(digest) ?? null),
  };
}

function memoryFetched(): Fetched {
  const files = new Map<string, Uint8Array>();
  return {
    read: path => Promise.resolve(files.get(path) ?? null),
    write(path, bytes) {
      files.set(path, bytes);
      return Promise.resolve(null);
    },
  };
}
