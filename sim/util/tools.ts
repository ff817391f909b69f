// The utilities of a host by path. Each lies in the file of its kin; all take (process, argv) and give a status.
import type { Main } from '../os/kernel.ts';
import { echoed } from './echo.ts';

const cat: Main = async (proc, argv) => {
  const names = argv.slice(1);
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-')
      for (let bytes = await proc.read(0); bytes.length > 0; bytes = await proc.read(0)) await proc.out(bytes);
    else await proc.out(proc.files.read(name));
  }
  return 0;
};

const USR_BIN: Readonly<Record<string, Main>> = {
  cat,
  true: () => 0,
  false: () => 1,
  echo: async (proc, argv) => {
    await proc.out(echoed(argv, { isExpanding: true, hasOptions: true }));
    return 0;
  },
  sleep: async (proc, argv) => {
    await proc.clock.sleep(Number(argv[1] ?? '0') * 1000);
    return 0;
  },
};

export const TOOLS: ReadonlyMap<string, Main> = new Map(
  Object.entries(USR_BIN).map(([name, main]) => [`/usr/bin/${name}`, main]),
);
