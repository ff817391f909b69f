// A process of its own that runs one command on one host and prints how it ended: for tests that end the process, or its
// group, while the command is at work. Called with the connection and the command line, as JSON and text.
import { systemClock } from '../../src/edge/clock.ts';
import { sshHosts } from '../../src/edge/ssh/hosts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';

const [connection = '', line = ''] = process.argv.slice(2);
process.on('SIGINT', () => process.stdout.write('heard SIGINT\n'));
const hosts = sshHosts(() => JSON.parse(connection) as Connection, { clock: systemClock(), outputFolder: null });
const ended = await hosts.host(hostName('bjork')).exec(line, {
  limitMs: 60_000,
  onOutput: (_, text) => process.stdout.write(text),
});
process.stdout.write(`${JSON.stringify(ended)}\n`);
await hosts.close();
