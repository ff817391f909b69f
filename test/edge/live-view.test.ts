// The live view draws what it is given, quickly enough, and gives the terminal back.
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { pictureLines, speaksUnicode, startLiveView } from '../../src/edge/live-view.ts';
import { rowsOf } from '../../src/report/rows.ts';
import { scriptOf } from '../../src/report/script.ts';
import { storyOf } from '../../src/report/story.ts';
import { widthOf } from '../../src/text/width.ts';
import * as sample from '../report/sample.ts';

function screen(columns: number, rows: number): { readonly stream: NodeJS.WriteStream; readonly shown: string[] } {
  const shown: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      shown.push(chunk.toString());
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: true, columns, rows }) as unknown as NodeJS.WriteStream, shown };
}

function fleet(count: number) {
  const hosts = Array.from({ length: count }, (_, n) => `zonehost${n + 1}`);
  const story = storyOf(
    sample.stamped([[0, sample.runStarted], ...hosts.map(host => [1, sample.begins(1, host)] as const)]),
  );
  return { story, script: scriptOf(sample.planFor(hosts)) };
}

describe('the live view', () => {
  it('draws the picture it is given, clears it at the end and gives the terminal back', async () => {
    const { stream, shown } = screen(80, 24);
    const write = stream.write;
    let title = 'run 7f3a0001  1 running';
    const view = await startLiveView({
      picture: () => ({ title, rows: [{ mood: 'bad', text: 'nacaozumbi  stuck' }], words: 'bjork | Loading smf(7)' }),
      stream,
      colour: false,
      unicode: true,
      everyMs: null,
    });
    title = 'run 7f3a0001  1 stuck';
    view.refresh();
    expect(shown.join(''))
      .to.contain('run 7f3a0001  1 stuck')
      .and.to.contain('✖ nacaozumbi  stuck')
      .and.to.contain('Loading smf(7)');
    await view.end();
    expect(stream.write).to.equal(write);
    expect(shown.at(-1)).to.contain('\u001b[?25h');
  });

  it('fills the terminal it is on and no more, wherever standard output goes', async () => {
    const { story, script } = fleet(500);
    for (const columns of [40, 60, 200]) {
      const { stream, shown } = screen(columns, 15);
      const view = await startLiveView({
        picture: size => ({ ...rowsOf(story, script, size, sample.START + 60_000), words: 'w'.repeat(columns - 4) }),
        stream,
        colour: false,
        unicode: true,
        everyMs: null,
      });
      view.refresh();
      const frame = stripVTControlCharacters(shown.join('')).split('\n');
      await view.end();
      expect(Math.max(...frame.map(widthOf))).to.be.at.most(columns);
      expect(frame).to.include(`  ${'w'.repeat(columns - 4)}`);
    }
  });

  it('of 500 hosts holds up the loop for less than a tenth of a second a frame', async () => {
    const { story, script } = fleet(500);
    const { stream, shown } = screen(120, 40);
    const view = await startLiveView({
      picture: size => rowsOf(story, script, size, sample.START + 60_000),
      stream,
      colour: true,
      unicode: true,
      everyMs: null,
    });
    const frames = Array.from({ length: 30 }, () => {
      const before = process.cpuUsage();
      view.refresh();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }).sort((a, b) => a - b);
    await view.end();
    // Processor time of the median frame: what else this machine does must not decide.
    expect(frames[15]).to.be.below(100);
    expect(shown.join('')).to.contain('more hosts');
  });

  it('writes nothing but ASCII where the terminal speaks no UTF-8', async () => {
    const { stream, shown } = screen(40, 15);
    const view = await startLiveView({
      picture: () => ({ title: 'run 7f3a0001', rows: [{ mood: 'running', text: 'bjork' }], words: '' }),
      stream,
      colour: false,
      unicode: false,
      everyMs: null,
    });
    view.refresh();
    await view.end();
    expect(shown.join('')).to.contain('> bjork');
    // biome-ignore lint: control characters are the terminal's own
    expect(shown.join('')).to.match(/^[\u0000-\u007f]*$/);
  });

  it('marks rows by mood, with plain characters where the terminal speaks no UTF-8', () => {
    const picture = { title: 't', rows: [{ mood: 'good', text: 'done' }], words: '' } as const;
    expect(pictureLines(picture, { colour: false, unicode: false })).to.deep.equal(['+ done']);
    expect(pictureLines(picture, { colour: true, unicode: true })).to.deep.equal(['\u001b[32m✔\u001b[0m done']);
    expect([{ LANG: 'de_DE.UTF-8' }, { LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, {}].map(speaksUnicode)).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});
