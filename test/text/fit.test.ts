// Text in a given number of columns: nothing too wide, nothing lost.
import { expect } from 'chai';
import fc from 'fast-check';
import { clipped, hanging, padded, table, wrapped } from '../../src/text/fit.ts';
import { clockText, dateText, elapsedText, momentText, secondsText } from '../../src/text/moment.ts';
import { visible, visibleLines } from '../../src/text/visible.ts';
import { widthOf } from '../../src/text/width.ts';

const text = fc.string({ unit: 'grapheme' });
const width = fc.integer({ min: 1, max: 60 });

describe('text in columns', () => {
  it('clipped text is never wider than asked, and is untouched when it fits', () => {
    fc.assert(
      fc.property(text, width, (one, columns) => {
        expect(widthOf(clipped(one, columns))).to.be.at.most(columns);
        if (widthOf(one) <= columns) expect(clipped(one, columns)).to.equal(one);
      }),
    );
  });

  it('wrapped lines are never too wide and lose no character but blanks', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (one, columns) => {
        const lines = wrapped(one, columns);
        for (const line of lines) expect(widthOf(line)).to.be.at.most(columns);
        expect(lines.join('').replaceAll(' ', '')).to.equal(one.replaceAll(' ', ''));
      }),
    );
  });

  it('a table has its columns one under the other and no line too wide', () => {
    const cell = fc.string({ maxLength: 30 }).map(one => visible(one));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }),
        fc.integer({ min: 30, max: 120 }),
        (rows, columns) => {
          const lines = table(
            [
              { title: 'ZONE', least: 6 },
              { title: 'FROM', least: 6 },
              { title: 'WHY', least: 6 },
            ],
            rows,
            columns,
          );
          expect(lines).to.have.length(rows.length + 1);
          for (const line of lines) expect(widthOf(line)).to.be.at.most(columns);
        },
      ),
    );
    expect(
      table(
        [{ title: 'A' }, { title: 'N', side: 'right' }],
        [
          ['x', '10'],
          ['long', '9'],
        ],
        80,
      ),
    ).to.deep.equal(['A      N', 'x     10', 'long   9']);
    expect([padded('ü', 3), padded('日', 3, 'right')]).to.deep.equal(['ü  ', ' 日']);
  });
});

describe('a table too wide for the terminal', () => {
  it('makes a list of each row where nothing else fits', () => {
    const columns = [{ title: '' }, { title: 'HOST' }, { title: 'SRU' }, { title: 'HOSTING' }];
    const rows = [
      ['*', 'nacaozumbi', '11.4.81', 'evac1 evac2 tzone1'],
      ['', 'bjork', '11.4.81', ''],
    ];
    expect(table(columns, rows, 24)).to.deep.equal([
      '* nacaozumbi',
      '  SRU      11.4.81',
      '  HOSTING  evac1 evac2',
      '           tzone1',
      'bjork',
      '  SRU      11.4.81',
    ]);
  });

  it('goes on under the text of a name, or below the name where that leaves no room', () => {
    expect(hanging('scope', 'what is about to be done', 20)).to.deep.equal([
      'scope  what is about',
      '       to be done',
    ]);
    expect(hanging('scope of all', 'what is about', 16)).to.deep.equal(['scope of all', '    what is', '    about']);
  });

  const titles = [{ title: 'HOST' }, { title: 'WHAT', least: 10, wraps: true }] as const;

  it('breaks the cells of columns that wrap, and puts the last one below where there is no room for it', () => {
    const rows = [['nacaozumbi', 'the connection was refused']];
    expect(table(titles, rows, 25)).to.deep.equal([
      'HOST        WHAT',
      'nacaozumbi  the',
      '            connection',
      '            was refused',
    ]);
    expect(table(titles, rows, 20)).to.deep.equal(['HOST', 'nacaozumbi', '    the connection', '    was refused']);
  });
});

describe('text from a host', () => {
  it('holds nothing that steers a terminal or turns the reading order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), one => {
        // biome-ignore lint: control characters are what is looked for
        expect(visible(one)).to.not.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(visibleLines(one).join('')).to.not.contain('\n');
      }),
    );
    expect(visible('a\u001b[31mb\tc\u202e')).to.equal('a\\x1b[31mb    c\\u202e');
    expect(visibleLines('one\r\ntwo\n\nthree\n')).to.deep.equal(['one', 'two', '', 'three']);
  });
});

describe('times for people', () => {
  const at = Date.UTC(2026, 10, 21, 1, 46, 41);

  it('carry the local time and UTC', () => {
    expect(momentText(at, 'Europe/Berlin')).to.match(/^Sat 02:46 (CET|GMT\+1) \(01:46Z\)$/);
    expect([clockText(at, 'UTC'), secondsText(at, 'Europe/Berlin'), dateText(at, 'Europe/Berlin')]).to.deep.equal([
      '01:46',
      '02:46:41',
      '2026-11-21 02:46',
    ]);
    expect(clockText(Date.UTC(2026, 0, 1, 0, 5), 'UTC')).to.equal('00:05');
  });

  it('count on without jumping', () => {
    expect([-5, 0, 7000, 750_000, 3_723_000].map(elapsedText)).to.deep.equal([
      '0:00',
      '0:00',
      '0:07',
      '12:30',
      '1:02:03',
    ]);
  });
});
