// The end of a switch over a union: the compiler asks for every case, and a value that came from elsewhere is a bug.

export function never(value: never): never {
  throw new Error(`not a known case: ${JSON.stringify(value)}`);
}
