// What kind of terminal there is, what counts as a yes, and what Ctrl-C means each time.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { confirm, hasColour, onInterrupts, viewKind } from '../../src/edge/terminal.ts';

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

  it('hears Ctrl-C as stop, then rollback, then now, and a closed terminal as the next word', () => {
    const signals = new EventEmitter();
    const said: string[] = [];
    const off = onInterrupts(word => said.push(word), signals);
    for (const name of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGINT']) signals.emit(name);
    off();
    signals.emit('SIGINT');
    expect(said).to.deep.equal(['stop', 'rollback', 'now', 'now']);
  });
});
