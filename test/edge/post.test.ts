// One letter to a real far side: what it is told, and what becomes of every way in which it can fail.
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { post, postWithin } from '../../src/edge/post.ts';
import { type Answering, openWeb, status, type Web } from './web.ts';

describe('a letter to a web address', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(open.splice(0).map(one => one.close())));
  const web = async (answering?: Answering): Promise<Web> => {
    const made = await openWeb(answering);
    open.push(made);
    return made;
  };
  const to = (url: string, headers: Readonly<Record<string, string>> = {}) => ({ url, headers, body: '{"a":"ä"}' });

  it('is posted as JSON, with its own headers beside those that every letter has', async () => {
    const far = await web(status(204));
    expect(await post(to(`${far.origin}/told?x=1`, { 'X-Key': 'k', 'User-Agent': 'ours' }))).to.deep.equal({
      is: 'taken',
      status: 204,
    });
    const [heard] = far.heard;
    expect(heard).to.deep.include({ method: 'POST', path: '/told?x=1', body: '{"a":"ä"}' });
    expect(heard?.headers).to.deep.include({
      'content-type': 'application/json',
      'content-length': '10',
      'x-key': 'k',
    });
    expect(heard?.headers['user-agent']).to.equal('ours');
  });

  it('is declined by any other status, whose body nobody reads', async () => {
    const far = await web(answer => {
      answer.writeHead(500);
      answer.write('x'.repeat(1_000_000));
    });
    const posted = await post(to(`${far.origin}/told`));
    expect(posted).to.deep.equal({ is: 'declined', status: 500, why: 'it answered 500' });
  });

  it('follows no redirect, and names only the host that it leads to', async () => {
    const other = await web();
    const far = await web(status(307, { location: `${other.origin}/secret` }));
    const posted = await post(to(`${far.origin}/told`));
    const why = `it answered 307, a redirect to ${other.origin}, which is not followed`;
    expect(posted).to.deep.equal({ is: 'declined', status: 307, why });
    expect(other.heard).to.deep.equal([]);
  });

  it('is not sent where nobody listens', async () => {
    const far = await web();
    await far.close();
    const posted = await post(to(`${far.origin}/secret`));
    expect(posted.is).to.equal('not-sent');
    expect(JSON.stringify(posted)).to.contain('ECONNREFUSED').and.to.not.contain('secret');
  });

  it('is not sent with a header that no line can hold', async () => {
    const far = await web();
    expect((await post(to(`${far.origin}/told`, { 'X-Key': 'a\nb' }))).is).to.equal('not-sent');
    expect(far.heard).to.deep.equal([]);
  });

  it('is unanswered by one who takes it and is silent, or hangs up', async () => {
    const silent = await web(() => undefined);
    // A busy machine may take longer than that to connect: then the limit is too short for this claim.
    let limitMs = 50;
    let posted = await postWithin(to(`${silent.origin}/told`), limitMs);
    while (posted.is === 'not-sent') posted = await postWithin(to(`${silent.origin}/told`), (limitMs *= 2));
    expect(posted).to.deep.equal({ is: 'unanswered', why: `no answer in ${limitMs / 1000} s` });
    const rude = await web(answer => void answer.destroy());
    expect((await post(to(`${rude.origin}/told`))).is).to.equal('unanswered');
  });

  it('is given up when somebody asks for it', async () => {
    const enough = new AbortController();
    const silent = await web(() => enough.abort());
    expect((await post(to(`${silent.origin}/told`), enough.signal)).is).to.equal('unanswered');
  });

  it('is not sent over TLS to one who speaks none', async () => {
    const sockets = new Set<Socket>();
    const server = createServer(socket => {
      sockets.add(socket.on('error', () => undefined));
      socket.end('hello\n');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise(resolve => server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    expect((await post(to(`https://127.0.0.1:${port}/told`))).is).to.equal('not-sent');
    for (const socket of sockets) socket.destroy();
  });
});
