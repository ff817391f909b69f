// Lengths of time as people write them: `45m`, `1h30m`, `250ms`; a bare number is seconds.
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function isUnit(text: string): text is keyof typeof MS {
  return text in MS;
}

/** Milliseconds, or null when the text isn't a length of time. */
export function durationMs(written: string | number): number | null {
  if (typeof written === 'number') return written >= 0 && Number.isFinite(written) ? written * 1000 : null;
  const text = written.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!WHOLE.test(text)) return null;
  return [...text.matchAll(PART)].reduce(
    (sum, [, count = '0', unit = 's']) => sum + Number(count) * (isUnit(unit) ? MS[unit] : 0),
    0,
  );
}
