// The floor: a script on npm's ssh2 that does the work of the benchmark and nothing else: no playbook, no journal, no
// policy. One connection a host, a channel a command, p-queue over the hosts; TCP_NODELAY, and the key signed at once.
//
//   node bare-ssh2.mjs FOLDER HOSTS WORK
import { readFileSync } from 'node:fs';
import PQueue from 'p-queue';
import ssh2 from 'ssh2';

const [folder, count, work] = process.argv.slice(2);
const hosts = readFileSync(`${folder}/hosts`, 'utf8').trim().split('\n').slice(0, Number(count));
const privateKey = readFileSync(`${folder}/home/.ssh/id_ed25519`);
const key = ssh2.utils.parseKey(privateKey);
const known = readFileSync(`${folder}/home/.ssh/known_hosts`, 'utf8').trim().split(' ')[2];

function connect(host) {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('ready', () => resolve(client)).on('error', reject);
    client.on('connect', () => client.setNoDelay(true));
    client.connect({
      ...{ host, port: 2222, username: 'root', privateKey, readyTimeout: 120_000, authHandler: ['publickey'] },
      hostVerifier: hostKey => hostKey.toString('base64') === known,
    });
    // Without asking first whether the key would do.
    const protocol = client._protocol;
    const authenticate = protocol.authPK.bind(protocol);
    protocol.authPK = (user, pub, algorithm, sign) =>
      authenticate(user, pub, algorithm, sign ?? ((data, done) => done(key.sign(data))));
  });
}

function exec(client, line, stdin) {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      let out = '';
      let code = null;
      channel.on('data', data => (out += data));
      channel.stderr.resume();
      channel.on('exit', status => (code = status));
      channel.on('close', () => (code === 0 ? resolve(out) : reject(new Error(`${line}: exit status ${code}`))));
      if (stdin !== undefined) channel.end(stdin);
    });
  });
}

const queue = new PQueue({ concurrency: hosts.length });
const onAll = one => Promise.all(hosts.map(host => queue.add(() => one(host))));

/** Each command rests on what the one before said. */
async function dependent(client, number, before) {
  if (number > 0 && !before.includes(`step${number - 1}`)) throw new Error(`step ${number} has nothing to rest on`);
  return exec(client, `echo step${number}`);
}

async function once(line) {
  await onAll(async host => {
    const client = await connect(host);
    await exec(client, line);
    client.end();
  });
}

async function tenEach() {
  const clients = new Map();
  const said = new Map();
  for (let number = 0; number < 10; number += 1)
    await onAll(async host => {
      if (!clients.has(host)) clients.set(host, await connect(host));
      said.set(host, await dependent(clients.get(host), number, said.get(host)));
    });
  for (const client of clients.values()) client.end();
}

async function oneAfterTheOther() {
  for (const host of hosts) {
    const client = await connect(host);
    let said = '';
    for (let number = 0; number < 5; number += 1) said = await dependent(client, number, said);
    client.end();
  }
}

async function files() {
  const tar = archive([0, 1, 2, 3, 4].map(n => ({ name: `f${n}`, data: readFileSync(`${folder}/work/f${n}`) })));
  await onAll(async host => {
    const client = await connect(host);
    const dest = `${folder}/work/dest/${host}`;
    await exec(client, `mkdir -p ${dest} && tar -xf - -C ${dest}`, tar);
    client.end();
  });
}

function archive(entries) {
  const parts = entries.flatMap(({ name, data }) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write('0000644\0', 100);
    head.write('0000000\0', 108);
    head.write('0000000\0', 116);
    head.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        ', 148);
    head.write('0', 156);
    head.write('ustar\0', 257);
    head.write('00', 263);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [head, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

await { w1: () => once('true'), w2: tenEach, w3: files, w4: () => once('sleep 2'), w5: oneAfterTheOther }[work]();
