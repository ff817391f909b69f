// Loaded into zoneferry's own process where it is watched: how long its loop was held up while connections were open,
// and what it costs while nothing happens but the view. ZONEFERRY_PROBE names the file for the answer.
import { openSync, readSync, writeFileSync } from 'node:fs';
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

// What the loop was held up by the clock is partly time that this process was given no processor. The first figure of
// schedstat is what this thread has had of one, in nanoseconds: what V8 does beside it holds nobody up.
const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`);
const text = Buffer.alloc(64);
const ownMs = () =>
  Number(text.toString('latin1', 0, readSync(schedstat, text, 0, text.length, 0)).split(' ')[0]) / 1e6;

let [busiestMs, ownBefore] = [0, ownMs()];
const ticking = setInterval(() => {
  const now = ownMs();
  if (connected) busiestMs = Math.max(busiestMs, now - ownBefore);
  ownBefore = now;
}, RESOLUTION_MS);
ticking.unref();

process.on('exit', () => {
  const heldUpMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  writeFileSync(path, JSON.stringify({ heldUpMs, busiestMs, shareAtRest: least, open: most }));
});
