// Worlds of the zonecfg transcripts: zones configured by the very commands that an administrator would type.
import type { Setting, World } from './transcript-worlds.ts';

function configured(zone: string, lines: readonly string[]): Pick<Setting, 'fleet' | 'at' | 'before'> {
  return {
    fleet: 'hosts: { global: {} }',
    at: 'global',
    before: hosts => hosts.run('global', `zonecfg -z ${zone} '${lines.join('; ')}'`),
  };
}

const conzone = [
  'create -b',
  'set brand=solaris-kz',
  'set autoboot=true',
  'set autoshutdown=shutdown',
  'set bootargs="-m verbose"',
  'add anet; set lower-link=auto; set link-protection=mac-nospoof; set mac-address=auto; set id=0; end',
  'add device; set storage=dev:/dev/zvol/dsk/rpool/VARSHARE/zones/conzone/disk0; set bootpri=0; set id=0; end',
  'add capped-memory; set physical=4G; end',
  'add virtual-cpu; set ncpus=4; end',
  'add suspend; set path=/system/zones/conzone/suspend; end',
];

const evac1 = [
  'create -b',
  'set brand=solaris-kz',
  'set autoboot=false',
  'set hostid=0x6f038b0b',
  'set cpu-arch=generic',
  'set host-compatible=memlzr',
  'add anet; set lower-link=auto; set mac-address=auto; set id=0; end',
  'add device; set storage=iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017; set id=1; set bootpri=0; end',
  'add virtual-cpu; set ncpus=4; end',
  'add capped-memory; set physical=4G; set pagesize-policy=largest-available; end',
  'add suspend; set storage=iscsi://saison/luname.naa.501337600144f0dbf8af1900; end',
];

const mqlzexcl = [
  'create',
  'set autoboot=true',
  'set bootargs="-m verbose"',
  'set file-mac-profile=fixed-configuration',
  'set hostid=1a2b3c4d',
  'set max-lwps=2000',
  'add anet; set linkname=net0; set lower-link=auto; set allowed-address=10.0.5.20/24',
  'set link-protection=mac-nospoof,ip-nospoof; set vlan-id=; end',
  'add device; set match=/dev/zvol/rdsk/rpool/swap; set storage=; set allow-raw-io=true; end',
  'add capped-cpu; set ncpus=1.50; end',
  'add capped-memory; set physical=1G; set swap=2G; set locked=512M; end',
  'add rctl; set name=zone.cpu-cap; set value=(priv=privileged,limit=150,action=deny); end',
];

export function zonecfgWorlds(world: (setting: Setting) => World): readonly (readonly [string, World])[] {
  const kzone1 = (arch: string): readonly string[] => ['create -b', 'set brand=solaris-kz', `set cpu-arch=${arch}`];
  return [
    ['zonecfg/export-kernel-zone', world(configured('conzone', conzone))],
    ['zonecfg/info-a-kernel-zone', world(configured('evac1', evac1))],
    ['zonecfg/info-a-native', world(configured('mqlzexcl', mqlzexcl))],
    ['zonecfg/info-cpu-arch-class', world(configured('kzone1', kzone1('migration-class1')))],
    ['zonecfg/info-cpu-arch-generic', world(configured('kzone1', kzone1('generic')))],
  ];
}
