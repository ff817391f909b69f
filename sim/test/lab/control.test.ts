// Talking to a lab over its socket, and knowing whether a lab of the past still lives.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, listen } from '../../lab/control.ts';
import { isAlive, readRecord, socketPath, startOf, writeRecord } from '../../lab/record.ts';

describe('control of the lab', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'zf-lab-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('carries a question there and its answer back', async () => {
    const path = join(dir, 's');
    const asked: unknown[] = [];
    const server = await listen(
      path,
      request => ({ ok: true, data: request }),
      request => asked.push(request),
    );
    expect(await ask(path, { do: 'world' })).to.deep.equal({ ok: true, data: { do: 'world' } });
    server.close();
    expect(asked).to.deep.equal([{ do: 'world' }]);
  });

  it('tells that nobody listens', async () => {
    expect(await ask(join(dir, 'none'), { do: 'world' })).to.equal(null);
    writeFileSync(join(dir, 'file'), '');
    expect(await ask(join(dir, 'file'), { do: 'world' })).to.equal(null);
  });

  it('takes the place of a socket that a dead lab left', async () => {
    const path = join(dir, 's');
    writeFileSync(path, '');
    const server = await listen(
      path,
      () => ({ ok: true, data: 1 }),
      () => {},
    );
    expect(await ask(path, {})).to.deep.equal({ ok: true, data: 1 });
    server.close();
  });

  it('uses a short path of its own when the folder lies too deep for a socket', () => {
    const deep = join(dir, 'x'.repeat(120));
    expect(socketPath(dir)).to.equal(join(dir, 'control.sock'));
    expect(Buffer.byteLength(socketPath(deep))).to.be.lessThan(104);
    expect(socketPath(deep))
      .to.equal(socketPath(deep))
      .and.not.equal(socketPath(`${deep}y`));
  });

  it('reads the record back, and takes a torn one for none', () => {
    const record = { v: 1, pid: 1, started: 'x', socket: 's', ports: { bjork: 10001 } } as const;
    writeRecord(dir, record);
    expect(readRecord(dir)).to.deep.equal(record);
    for (const text of ['', '{', '{}', '{"v":1,"pid":1}', 'null', '{"v":2}']) {
      writeFileSync(join(dir, 'lab.json'), text);
      expect(readRecord(dir)).to.equal(null);
    }
  });

  it('knows a living process by its start, so that a stranger with the same pid is not it', () => {
    expect(isAlive({ pid: process.pid, started: startOf(process.pid) ?? '' })).to.equal(true);
    expect(isAlive({ pid: process.pid, started: 'another day' })).to.equal(false);
    expect(startOf(2 ** 30)).to.equal(null);
  });
});
