// The line mode of a terminal: echo, editing, signals, line ends.
import { expect } from 'chai';
import { Terminal, withReturns } from '../../ssh/terminal.ts';

function type(text: string): { shown: string; lines: (string | null)[]; signals: string[] } {
  const seen = { shown: '', lines: [] as (string | null)[], signals: [] as string[] };
  const terminal = new Terminal({
    show: bytes => {
      seen.shown += Buffer.from(bytes).toString();
    },
    line: bytes => seen.lines.push(bytes === null ? null : Buffer.from(bytes).toString()),
    signal: name => seen.signals.push(name),
  });
  terminal.type(Buffer.from(text));
  return seen;
}

describe('terminal', () => {
  it('echoes what is typed and hands it on as a line at enter', () => {
    expect(type('ls\r')).to.deep.equal({ shown: 'ls\r\n', lines: ['ls\n'], signals: [] });
  });

  it('erases a character, a word and the whole line', () => {
    expect(type('lz\x7fs\r').lines).to.deep.equal(['ls\n']);
    expect(type('zoneadm halt \x17list\r').lines).to.deep.equal(['zoneadm list\n']);
    expect(type('reboot\x15uptime\r').lines).to.deep.equal(['uptime\n']);
    expect(type('\x7f\r').lines).to.deep.equal(['\n']);
  });

  it('erases a character of several bytes at once', () => {
    expect(type('aü\x7fb\r').lines).to.deep.equal(['ab\n']);
  });

  it('turns ^C into a signal and drops the line', () => {
    expect(type('halt\x03who\r')).to.deep.include({ lines: ['who\n'], signals: ['INT'] });
  });

  it('ends the input at ^D only on an empty line', () => {
    expect(type('x\x04\r\x04').lines).to.deep.equal(['x\n', null]);
  });

  it('puts a carriage return before each newline of the output', () => {
    expect(Buffer.from(withReturns(Buffer.from('a\nb\n'))).toString()).to.equal('a\r\nb\r\n');
  });
});
