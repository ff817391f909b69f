// A word as the shell would have to read it: for set, export -p, trap, set -x.

export function quoted(text: string): string {
  if (text !== '' && !/[^A-Za-z0-9_./:=,@%+-]/.test(text)) return text;
  return alwaysQuoted(text);
}

export function alwaysQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
