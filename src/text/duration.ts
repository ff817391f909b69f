// Lengths of time as a playbook writes them: `45m`, `2h`, `60s`, `500ms`, `1h30m`, or a number of seconds.

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$|^\d+(?:\.\d+)?$/;

/** Milliseconds, or null when it is no length of time. */
export function durationMs(text: string | number): number | null {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? Math.round(text * 1000) : null;
  if (!DURATION.test(text)) return null;
  if (/^[\d.]+$/.test(text)) return Math.round(Number(text) * 1000);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  return Math.round(parts.reduce((sum, part) => sum + Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0), 0));
}

/** For people, whole seconds, at most two units: `45m`, `2h`, `1h 30m`, `12s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0 ? '0s' : shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

/** Of a forecast, which knows no seconds: `50m`, `3h 20m`, and seconds below two minutes. */
export function aboutText(ms: number): string {
  return durationText(ms < 120_000 ? ms : Math.round(ms / 60_000) * 60_000);
}
