// The recorded output itself: complete, and the same text for the same blank.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT, transcript, transcriptNames } from './transcript.ts';

const FIELDS = ['title', 'tag', 'source', 'release', 'command', 'host', 'stream', 'exit'];

describe('the transcripts', () => {
  for (const name of transcriptNames())
    it(`${name} says what it is and where it comes from`, () => {
      const { fields } = transcript(name);
      expect([...fields.keys()].slice(0, FIELDS.length)).to.deep.equal(FIELDS);
      expect(fields.get('tag')).to.be.oneOf(['seed', 'doc', 'source', 'capture', 'inferred']);
      expect(fields.get('stream')).to.be.oneOf(['stdout', 'stderr', 'unknown']);
      expect(fields.get('exit')).to.match(/^(\d+|unknown(, not 0)?)$/);
      expect(fields.get('source')).not.to.equal('');
    });

  it('hold no hole that their README does not know', () => {
    for (const name of transcriptNames()) expect(transcript(name).output, name).not.to.match(/\{\{|\}\}\n/);
  });

  it('give the same text to the same hole', () => {
    for (const name of transcriptNames()) {
      const text = readFileSync(join(ROOT, `${name}.txt`), 'utf8');
      const seen = new Map<string, string>();
      for (const [, hole = '', value = ''] of text.matchAll(/\{\{([A-Za-z0-9.-]+)=([^{}\n]*)\}\}/g)) {
        expect(seen.get(hole) ?? value, `${name}: ${hole}`).to.equal(value);
        seen.set(hole, value);
      }
    }
  });

  it('tell the story of the evacuation without a gap', () => {
    const places = transcriptNames().flatMap(name => transcript(name).fields.get('story') ?? []);
    expect(places.sort()).to.deep.equal(Array.from({ length: 16 }, (_, i) => String(i + 1).padStart(2, '0')));
  });
});
