// What kind of terminal there is, what counts as a yes, and what Ctrl-C means each time.
import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { confirm, confirmLate, hasColour, onInterrupts, viewKind } from '../../src/edge/terminal.ts';

const tty = { isTTY: true, env: { TERM: 'xterm' } };

describe('the terminal', () => {
  it('gets a live view only where a person looks at a screen', () => {
    expect(viewKind('default', false, tty)).to.equal('live');
    expect(viewKind('default', false, { ...tty, isTTY: false })).to.equal('lines');
    expect(viewKind('default', false, { isTTY: true, env: { CI: 'true' } })).to.equal('lines');
    expect(viewKind('default', false, { isTTY: true, env: { TERM: 'dumb' } })).to.equal('lines');
    expect(viewKind('simple', false, tty)).to.equal('lines');
    expect([viewKind('verbose', false, tty), viewKind('default', true, tty)]).to.deep.equal([
      'verbose-lines',
      'verbose-lines',
    ]);
    expect(viewKind('silent', true, tty)).to.equal('silent');
  });

  it('has colours unless NO_COLOR says otherwise', () => {
    expect([
      hasColour(tty),
      hasColour({ isTTY: true, env: { NO_COLOR: '1' } }),
      hasColour({ isTTY: true, env: { NO_COLOR: '' } }),
      hasColour({ ...tty, isTTY: false }),
    ]).to.deep.equal([true, false, true, false]);
  });

  it('takes only a clear yes for a yes', async () => {
    const ask = async (text: string): Promise<boolean> => {
      const [input, output] = [new PassThrough(), new PassThrough()];
      const answer = confirm('Carry out this plan?', { input, output });
      input.end(text);
      const said = await answer;
      expect(String(output.read())).to.equal('Carry out this plan? [y/N] ');
      return said;
    };
    expect(await Promise.all(['y\n', ' YES \n', 'yes', 'n\n', 'yep\n', '\n', ''].map(ask))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('takes a terminal that is gone for a no', async () => {
    const input = new PassThrough();
    const answer = confirm('carry it out?', { input, output: new PassThrough() });
    input.destroy(new Error('read EIO'));
    expect(await answer).to.equal(false);
  });

  describe('a question in the middle of something', () => {
    const QUESTION = 'go on? [y/N] ';
    function asked(limitMs = 60_000, before = '') {
      const [input, output, giveUp] = [new PassThrough(), new PassThrough(), new AbortController()];
      input.write(before);
      const answer = confirmLate('go on?', { limitMs, giveUp: giveUp.signal }, { input, output });
      return { input, answer, giveUp, shown: once(output, 'data').then(([text]) => String(text)) };
    }

    it('has a yes only in what is typed after it', async () => {
      const late = asked(60_000, 'y\ny\n');
      expect(await late.shown).to.equal(QUESTION);
      late.input.write('\n');
      expect(await late.answer).to.equal('no');
      const clear = asked();
      await clear.shown;
      clear.input.write('yes\n');
      expect(await clear.answer).to.equal('yes');
    });

    it('is answered with no by a signal and by the end of the input, at any moment', async () => {
      const [early, late, ended] = [asked(), asked(), asked()];
      early.giveUp.abort();
      ended.input.end('y\n');
      await late.shown;
      late.giveUp.abort();
      expect(await Promise.all([early.answer, late.answer, ended.answer])).to.deep.equal(['no', 'no', 'no']);
    });

    it('has no yes in half a line that was typed before it and is ended after it', async () => {
      const [input, output] = [new PassThrough(), new PassThrough()];
      // A terminal hands over what has no end of line yet only while it is raw.
      let [kept, modes] = ['y', ''];
      const setRawMode = (raw: boolean): void => {
        modes += raw ? 'raw ' : 'lines ';
        if (raw) input.write(kept);
        if (raw) kept = '';
      };
      const { signal } = new AbortController();
      const streams = { input: Object.assign(input, { setRawMode }), output };
      const answer = confirmLate('go on?', { limitMs: 60_000, giveUp: signal }, streams);
      await once(output, 'data');
      input.write(`${kept}\n`);
      expect(await answer).to.equal('no');
      expect(modes).to.equal('raw lines ');
    });

    it('has no yes in what was typed before it, though this process was held up when it should have read that', async () => {
      const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const place = server.address();
      const typist = connect(place !== null && typeof place === 'object' ? place.port : 0, '127.0.0.1');
      const [input] = (await once(server, 'connection')) as [Socket];
      await new Promise(resolve => void typist.write('y\n', resolve));
      const output = new PassThrough();
      const answer = confirmLate(
        'go on?',
        { limitMs: 60_000, giveUp: new AbortController().signal },
        { input, output },
      );
      for (const until = performance.now() + 150; performance.now() < until; );
      await once(output, 'data');
      typist.end('n\n');
      expect(await answer).to.equal('no');
      input.destroy();
      server.close();
    });

    it('is answered with no when its terminal is gone, before it or during it', async () => {
      const [early, late, before] = [asked(), asked(), new PassThrough().destroy()];
      early.input.destroy(new Error('read EIO'));
      await late.shown;
      late.input.destroy(new Error('read EIO'));
      const giveUp = new AbortController().signal;
      const never = confirmLate('go on?', { limitMs: 60_000, giveUp }, { input: before, output: new PassThrough() });
      expect(await Promise.all([early.answer, late.answer, never])).to.deep.equal(['no', 'no', 'no']);
    });

    it('waits for its time, and then nobody has answered', async () => {
      expect(await asked(1).answer).to.equal('none');
    });
  });

  it('means no word of the run by Ctrl-C where it is taken for something else', () => {
    const signals = new EventEmitter();
    const said: string[] = [];
    let isOpen = true;
    const off = onInterrupts(
      word => said.push(word),
      () => isOpen,
      signals,
    );
    signals.emit('SIGINT');
    isOpen = false;
    signals.emit('SIGINT');
    off();
    expect(said).to.deep.equal(['stop']);
  });

  it('hears Ctrl-C as stop, then rollback, then now, and a closed terminal as the next word', () => {
    const signals = new EventEmitter();
    const said: string[] = [];
    const off = onInterrupts(word => said.push(word), undefined, signals);
    for (const name of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGINT']) signals.emit(name);
    off();
    signals.emit('SIGINT');
    expect(said).to.deep.equal(['stop', 'rollback', 'now', 'now']);
  });
});
