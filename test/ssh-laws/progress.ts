// Long tests say where they are, on standard error: one line for each place, with the time it took.
import { performance } from 'node:perf_hooks';

export function progress(title: string, of: number): (what: string) => void {
  let [at, since] = [0, performance.now()];
  return what => {
    at += 1;
    process.stderr.write(`${title} ${at}/${of}  ${((performance.now() - since) / 1000).toFixed(1)} s  ${what}\n`);
    since = performance.now();
  };
}
