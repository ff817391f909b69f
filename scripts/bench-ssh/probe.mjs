// Loaded into zoneferry's own process where it is watched: how long its loop was held up while connections were open,
// and what it costs while nothing happens but the view. ZONEFERRY_PROBE names the file for the answer.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 2000;
const RESOLUTION_MS = 10;

const path = process.env.ZONEFERRY_PROBE;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
const sockets = () => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;
let [most, least] = [0, Infinity];
let connected = false;

function watch() {
  let before = { cpu: process.cpuUsage(), at: process.hrtime.bigint() };
  setInterval(() => {
    const open = sockets();
    most = Math.max(most, open);
    const { user, system } = process.cpuUsage(before.cpu);
    const share = (user + system) / (Number(process.hrtime.bigint() - before.at) / 1000);
    if (open === most) least = Math.min(least, share);
    before = { cpu: process.cpuUsage(), at: process.hrtime.bigint() };
  }, WINDOW_MS).unref();
}

// What is done before anybody is waiting for an answer holds nobody up.
const begun = setInterval(() => {
  if (sockets() === 0) return;
  clearInterval(begun);
  connected = true;
  delay.enable();
  watch();
}, RESOLUTION_MS);
begun.unref();

// Servers share the processors: what the loop was held up by the clock is partly time that this process was given none.
let [busiestMs, cpuBefore] = [0, 0];
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const ticking = setInterval(() => {
  const now = cpuMs();
  if (connected && cpuBefore > 0) busiestMs = Math.max(busiestMs, now - cpuBefore);
  cpuBefore = now;
}, RESOLUTION_MS);
ticking.unref();

process.on('exit', () => {
  const heldUpMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  writeFileSync(path, JSON.stringify({ heldUpMs, busiestMs, shareAtRest: least, open: most }));
});
