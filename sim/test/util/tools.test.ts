// The utilities as playbooks use them: a command line, its input, what it must print.
import { expect } from 'chai';
import { settle } from '../../os/breath.ts';
import { labHost, say, START, start } from '../os/lab-host.ts';

interface Case {
  readonly run: string;
  readonly input?: string;
  readonly out: string;
}

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'text filters': [
    { run: 'grep -c t', input: 'one\ntwo\nthree\n', out: '2\n' },
    { run: `grep -n -e '^b' -e 'd$'`, input: 'a\nbc\nd\n', out: '2:bc\n3:d\n' },
    { run: `grep -E 'a(b|c)+$'`, input: 'abc\nad\n', out: 'abc\n' },
    { run: 'grep -v x | grep -q y; echo $?', input: 'x\ny\n', out: '0\n' },
    { run: 'grep -F a.b', input: 'axb\na.b\n', out: 'a.b\n' },
    { run: `sed -n '/b/,/d/p'`, input: 'a\nb\nc\nd\ne\n', out: 'b\nc\nd\n' },
    { run: `sed -e 's/\\(.*\\)=\\(.*\\)/\\2=\\1/' -e 2d -e '$s/^/>/'`, input: 'a=b\nx\nc=d\n', out: 'b=a\n>d=c\n' },
    { run: `sed -n '2{p;q;}'`, input: '1\n2\n3\n', out: '2\n' },
    { run: `sed 's,/,|,2g;y/ab/AB/'`, input: 'a/b/c/d\n', out: 'A/B|c|d\n' },
    { run: `sed ':a;N;$!ba;s/\\n/+/g'`, input: 'a\nb\nc\n', out: 'a+b+c\n' },
    { run: 'sort -t: -k2,2n -k1r', input: 'a:10\nb:9\nc:9\n', out: 'c:9\nb:9\na:10\n' },
    { run: 'sort | uniq -c | sort -rn | head -1', input: 'a\nb\na\n', out: '   2 a\n' },
    { run: 'cut -d: -f1,3-', input: 'a:b:c:d\n', out: 'a:c:d\n' },
    { run: `tr -d '\\r' | tr a-z A-Z`, input: 'ab\r\n', out: 'AB\n' },
    { run: `tr -cs 'a-z' '\\n'`, input: 'ab, cd!\n', out: 'ab\ncd\n' },
    { run: 'wc -l', input: 'a\nb\n', out: '       2\n' },
    { run: 'head -2 | tail -1; tail -n +3 </var/tmp/none 2>/dev/null; echo $?', input: 'a\nb\nc\n', out: 'b\n1\n' },
    {
      run: `printf '\\377\\303\\274' | wc -c; printf '\\303\\274\\n'; printf %b '\\0377' | wc -c`,
      out: '       3\nü\n       1\n',
    },
    { run: 'tail -c +3', input: 'abcdef', out: 'cdef' },
    { run: 'tail -n +2', input: 'a\nb\nc\n', out: 'b\nc\n' },
  ],
  awk: [
    { run: `awk -F: '$2 > 9 {print $1; n++} END {print n+0}'`, input: 'a:10\nb:9\n', out: 'a\n1\n' },
    {
      run: `nawk 'NR==1 {next} {s+=$2; k[$1]} END {print s, ("x" in k), length(k)}'`,
      input: 'h\nx 1\ny 2\n',
      out: '3 1 2\n',
    },
    {
      run: `awk '{n=split($0,p,"="); for(i=n;i>0;i--) printf "%s%s", p[i], (i>1?"-":"\\n")}'`,
      input: 'a=b=c\n',
      out: 'c-b-a\n',
    },
    {
      run: `awk -v x=3 'function f(n) { return n<2 ? 1 : n*f(n-1) } BEGIN { print f(x), substr("hello",2,3), toupper("z") }'`,
      out: '6 ell Z\n',
    },
    {
      run: `awk '/^#/ {next} /a/,/c/ {sub(/[0-9]+/,"<&>"); print}'`,
      input: '#a\na1\nb2\nc3\nd4\n',
      out: 'a<1>\nb<2>\nc<3>\n',
    },
    {
      run: `awk 'BEGIN { while ((getline l < "/etc/nodename") > 0) print "got " l; "echo cmd" | getline v; print v; print "b\\na" | "sort"; close("sort"); exit 3 }'; echo $?`,
      out: 'got nacaozumbi\ncmd\na\nb\n3\n',
    },
    { run: `awk '{ $2 = "X"; print; print NF }' OFS=-`, input: 'a b c\n', out: 'a-X-c\n3\n' },
    {
      run: `awk 'BEGIN { printf "%d|%5s|%-3s|%.2f|%x|%c\\n", 42.9, "a", "b", 3.14159, 255, "hi"; print 1e6, 0.1+0.2, 2^10, -7%3, "a" "b" }'`,
      out: '42|    a|b  |3.14|ff|h\n1000000 0.3 1024 -1 ab\n',
    },
  ],
  files: [
    {
      run: 'cd /tmp; mkdir -p a/b; echo x >a/b/f; cp -r a c; mv c/b/f c/g; find . -type f | sort; rm -rf a c; ls',
      out: './a/b/f\n./c/g\n',
    },
    {
      run: 'cd /tmp; echo x >f; chmod 640 f; ln -s f l; ls -l f l | cut -c1-10; readlink l; ls -1d /tmp',
      out: '-rw-r-----\nlrwxrwxrwx\nf\n/tmp\n',
    },
    { run: 'ls -l /etc/nodename', out: '-rw-r--r--   1 root     root          11 Jan 15 12:00 /etc/nodename\n' },
    {
      run: 'mkdir /etc 2>&1; rmdir /var 2>&1; rm /none 2>&1; rm -f /none; echo $?',
      out: 'mkdir: Failed to make directory "/etc"; File exists\nrmdir: directory "/var": Directory not empty\n/none: No such file or directory\n0\n',
    },
    {
      run: 'cd /tmp; d=`mktemp -d`; test -d $d && ls -ld $d | cut -c1-10; f=`mktemp /tmp/zf.XXXXXX`; test -f $f && echo ok',
      out: 'drwx------\nok\n',
    },
    {
      run: `cd /tmp; touch a.c b.c; find . -name '*.c' -exec echo {} \\; | sort; find . -name a.c -o -name b.c | wc -l`,
      out: './a.c\n./b.c\n       2\n',
    },
    {
      run: 'cd /tmp; echo a >x; echo b >y; diff x y; cmp -s x y; echo $?; cat x y | tee z; cat z',
      out: '1c1\n< a\n---\n> b\n1\na\nb\na\nb\n',
    },
    {
      run: 'dd if=/dev/zero bs=1k count=3 2>/dev/null | wc -c; basename /a/b.c .c; dirname /a/b',
      out: '    3072\nb\n/a\n',
    },
  ],
  sums: [
    {
      run: 'printf abc | digest -a sha256; printf abc >/tmp/f; sha256sum /tmp/f',
      out: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  /tmp/f\n',
    },
    {
      run: 'printf abc | base64; printf YWJj | base64 -d; echo; printf "a\\n" | od -An -c',
      out: 'YWJj\nabc\n   a  \\n\n',
    },
  ],
  'starting others': [
    {
      run: `printf 'a b\\nc\\n' | xargs -n1 echo -; printf 'x y\\n' | xargs -I{} echo '[{}]'; xargs false </dev/null; echo $?`,
      out: '- a\n- b\n- c\n[x y]\n123\n',
    },
    {
      run: "env -i A=1 sh -c 'echo $A[$HOME]'; env nosuch 2>/dev/null; echo $?; timeout 5 sleep 60; echo $?",
      out: '1[]\n127\n124\n',
    },
    {
      run: 'sleep 100 & pgrep -f "sleep 1"  >/dev/null && pkill -x sleep; wait $! ; [ $? -gt 128 ] && echo gone',
      out: 'gone\n',
    },
    {
      run: 'id; id -un; whoami; expr 2 + 3 \\* 4; expr abc : "a\\(.\\)"; seq 3 | paste -s -d, ; which cat nosuch',
      out: 'uid=0(root) gid=0(root)\nroot\nroot\n14\nb\n1,2,3\n/usr/bin/cat\nno nosuch in /usr/bin /bin /usr/sbin /sbin\n',
    },
  ],
};

for (const [kin, cases] of Object.entries(CASES)) {
  describe(`utilities: ${kin}`, () => {
    for (const { run, input, out } of cases) {
      it(run.split('\n')[0]?.slice(0, 70) ?? run, async () => {
        const host = labHost({ shell: '/bin/sh' });
        expect((await say(host, run, input ?? '')).out).to.equal(out);
        expect([host.processes(), host.openPipeEnds()]).to.deep.equal([[], 0]);
      });
    }
  });
}

describe('utilities and the clock of the host', () => {
  it('date shows host time, sleep takes it', async () => {
    const said = await say(labHost(), 'date; date +%s; sleep 90; date "+%Y-%m-%d %H:%M:%S %j %a"');
    expect(said.out).to.equal(`Thu Jan 15 12:00:00 UTC 2026\n${START / 1000}\n2026-01-15 12:01:30 015 Thu\n`);
  });

  it('tail -f shows what comes until it is killed', async () => {
    const script =
      'echo a >/tmp/log; tail -f /tmp/log & (sleep 5; echo b >>/tmp/log; sleep 5; kill $!) ; wait; echo end';
    expect((await say(labHost(), script.replace('kill $!', 'pkill tail'))).out).to.equal('a\nb\nend\n');
  });

  it('an endless awk or sed ends with its process and holds up nobody', async () => {
    const host = labHost();
    const endless = start(host, `awk 'BEGIN { while (1); }' & echo x | sed ':a;ba'`);
    expect((await say(host, 'echo still here')).out).to.equal('still here\n');
    host.halt();
    expect((await endless.said).status).to.equal('gone');
    await settle();
  });

  it('a wrong option is told and is status 2', async () => {
    const said = await say(labHost(), 'cut -Z x; sort -Q');
    expect(said).to.deep.equal({ out: '', err: 'cut: illegal option -- Z\nsort: illegal option -- Q\n', status: 2 });
  });
});
