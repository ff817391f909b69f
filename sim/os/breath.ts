// One breath: a turn of the event loop given away by a busy process, so that a host in an endless loop doesn't
// stop the others. Counted, because a clock that jumps must know that somebody is still busy.

let outstanding = 0;

export function breathe(): Promise<void> {
  outstanding++;
  return new Promise(resolve => {
    setImmediate(() => {
      outstanding--;
      resolve();
    });
  });
}

export function isSomebodyBusy(): boolean {
  return outstanding > 0;
}

/** Lets everything that can run do so until nothing but clocks and the outside could go on. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet++) {
    await new Promise<void>(resolve => setImmediate(resolve));
    if (outstanding > 0) quiet = -1;
  }
}
