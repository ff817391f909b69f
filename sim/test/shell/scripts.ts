// Scripts and what they must say: one table for every shell that speaks the same, asserted in shell.test.ts.

export interface Case {
  readonly claim: string;
  readonly script: string;
  readonly out: string;
  readonly status?: number | string;
  readonly input?: string;
}

/** What POSIX says, so that it holds in ksh93, in bash and in the plain dialect. */
export const EVERYWHERE: readonly Case[] = [
  { claim: 'quotes protect blanks', script: `x='a  b'; echo $x "$x" '$x'`, out: 'a b a  b $x\n' },
  {
    claim: 'IFS with white space and others',
    script: `IFS=': '; x=' a : b  c:'; set -- $x; echo "$#$1$2$3"`,
    out: '3abc\n',
  },
  { claim: 'an empty field between two delimiters', script: 'IFS=:; x=a::b; set -- $x; echo "$#[$2]"', out: '3[]\n' },
  {
    claim: 'an empty unquoted parameter makes no field, a quoted one does',
    script: `x=; set -- $x "$x" ''; echo $#`,
    out: '2\n',
  },
  {
    claim: '"$@" keeps fields, "$*" joins them',
    script: 'set -- "a b" c; for i in "$@"; do echo "$i"; done; IFS=-; echo "$*"',
    out: 'a b\nc\na b-c\n',
  },
  { claim: 'defaults', script: 'x=; echo ${x:-a}${x-b}${y-c}${x:+d}${x+e}; : ${z=f}; echo $z', out: 'ace\nf\n' },
  {
    claim: 'trimming',
    script: 'p=/a/b.tar.gz; echo ${p##*/} ${p%%.*} ${p%.*} ${p#/}',
    out: 'b.tar.gz /a/b /a/b.tar a/b.tar.gz\n',
  },
  { claim: 'a quoted pattern is plain', script: `x='a*b'; echo "\${x#"a*"}" \${x#a\\*}`, out: 'b b\n' },
  {
    claim: 'arithmetic',
    script: 'i=5; echo $((i*2+1)) $((i/2)) $((1<<4|1)) $((i>3?1:0)) $((010)) $((0x1f))',
    out: '11 2 17 1 8 31\n',
  },
  { claim: 'nested substitution and backquotes', script: 'echo "$(echo "a $(echo "b")")" `echo c`', out: 'a b c\n' },
  { claim: 'a case in a substitution', script: 'echo $(case x in x) echo in;; esac)', out: 'in\n' },
  {
    claim: 'here-documents, plain and quoted',
    script: "x=1; cat <<A; cat <<'B'\n$x $(echo y)\nA\n$x\nB\n",
    out: '1 y\n$x\n',
  },
  { claim: 'two redirections, left to right', script: '{ echo o; echo e >&2; } 2>&1 >/dev/null | cat', out: 'e\n' },
  { claim: 'descriptors stay open after exec', script: 'exec 3>/tmp/f; echo x >&3; exec 3>&-; cat /tmp/f', out: 'x\n' },
  {
    claim: 'break and continue by levels',
    script: 'for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done',
    out: '1a\n2a\n',
  },
  {
    claim: 'case with classes and alternatives',
    script: 'case q in [!a-p]) echo y;; esac; case b in a|b) echo z;; esac',
    out: 'y\nz\n',
  },
  { claim: 'a function returns its status', script: 'f() { echo $1; return 4; }; f x; echo $?', out: 'x\n4\n' },
  {
    claim: 'a subshell changes nothing outside',
    script: 'x=1; (x=2; cd /); echo $x; { x=3; }; echo $x',
    out: '1\n3\n',
  },
  {
    claim: '-e ends the shell, but not in a question',
    script: 'set -e; false || echo a; if false; then :; fi; ! true; echo b; false; echo c',
    out: 'a\nb\n',
    status: 1,
  },
  {
    claim: '-e looks away in a function called as a question',
    script: 'set -e; f() { false; echo in; }; f && echo yes; echo end',
    out: 'in\nyes\nend\n',
  },
  {
    claim: '$? of a substitution counts when only variables are assigned',
    script: 'x=$(exit 3); echo $?; echo $(exit 4); echo $?',
    out: '3\n\n0\n',
  },
  {
    claim: 'an EXIT trap runs at the end and keeps the status',
    script: `trap 'echo bye $?' EXIT; echo hi; exit 3`,
    out: 'hi\nbye 3\n',
    status: 3,
  },
  { claim: 'a trap runs between commands', script: `trap 'echo t' TERM; kill -TERM $$; echo x`, out: 't\nx\n' },
  {
    claim: 'a handler is reset in a subshell, an ignored signal stays',
    script: `trap 'echo no' USR1; (trap); trap '' USR1; (kill -USR1 $$; echo alive)`,
    out: 'alive\n',
  },
  { claim: 'wait gives the status of a job', script: '(exit 7) & wait $!; echo $?; wait; echo $?', out: '7\n0\n' },
  { claim: 'a pipeline streams and ends by SIGPIPE', script: 'yes | head -2', out: 'y\ny\n' },
  {
    claim: 'a pipeline has the status of its last',
    script: 'false | true; echo $?; true | false; echo $?',
    out: '0\n1\n',
  },
  {
    claim: 'command not found is 127, not executable 126',
    script: 'nosuch 2>/dev/null; echo $?; echo x >/tmp/f; /tmp/f 2>/dev/null; echo $?',
    out: '127\n126\n',
  },
  {
    claim: 'a script file with #!',
    script: `printf '#!/bin/sh\\necho $0 $1\\n' >/tmp/s; chmod +x /tmp/s; /tmp/s a`,
    out: '/tmp/s a\n',
  },
  {
    claim: 'a script without #! is run by the shell',
    script: `echo 'echo plain $1' >/tmp/s; chmod +x /tmp/s; /tmp/s a`,
    out: 'plain a\n',
  },
  {
    claim: 'PATH finds scripts too',
    script: `mkdir /tmp/bin; echo 'echo mine' >/tmp/bin/t; chmod +x /tmp/bin/t; PATH=/tmp/bin:$PATH; t`,
    out: 'mine\n',
  },
  { claim: 'dot runs in this shell', script: `echo 'y=7; return 3' >/tmp/s; . /tmp/s; echo $? $y`, out: '3 7\n' },
  { claim: 'eval', script: `x='echo $y'; y=5; eval "$x"`, out: '5\n' },
  {
    claim: 'getopts with bundles and values',
    script: 'set -- -ab -cfoo -c bar x; while getopts abc: o; do echo "$o$OPTARG"; done; echo $OPTIND',
    out: 'a\nb\ncfoo\ncbar\n5\n',
  },
  {
    claim: 'read cuts by IFS and gives the rest to the last',
    script: 'read a b; echo "[$a][$b]"; IFS=, read -r a b; echo "[$a][$b]"',
    input: ' x  y z \n1,2,3\n',
    out: '[x][y z]\n[1][2,3]\n',
  },
  {
    claim: 'a loop reads the input to its end',
    script: 'n=0; while read -r l; do n=$((n+1)); done; echo $n',
    input: 'a\nb\nc',
    out: '2\n',
  },
  { claim: 'read takes only its line', script: 'read x; cat', input: 'a\nb\nc\n', out: 'b\nc\n' },
  {
    claim: 'umask decides the mode of new files',
    script: 'umask 077; echo x >/tmp/f; ls -l /tmp/f | cut -c1-10; umask',
    out: '-rw-------\n0077\n',
  },
  {
    claim: 'globs, sorted; none stays as it is',
    script: 'cd /tmp; touch b.c a.c .h; echo *.c *.none "*.c" .h*',
    out: 'a.c b.c *.none *.c .h\n',
  },
  { claim: 'tilde', script: 'echo ~ ~root/x "~"; x=a:~/b; echo $x', out: '/root /root/x ~\na:/root/b\n' },
  {
    claim: 'a variable before a program is for it alone',
    script: 'X=1 sh -c \'echo "[$X]"\'; echo "[$X]"',
    out: '[1]\n[]\n',
  },
  { claim: 'export without splitting', script: `y='a b'; export X=$y; sh -c 'echo "$X"'`, out: 'a b\n' },
  {
    claim: '$! of a program is its own pid',
    script: 'sleep 9 & ps -o comm= -p $!; kill $!; wait $! 2>/dev/null; [ $? -gt 128 ] && echo ended',
    out: 'sleep\nended\n',
  },
  {
    claim: 'the mkdir lock has one winner',
    script: 'for i in 1 2 3 4 5 6 7 8; do (mkdir /tmp/lock 2>/dev/null && echo won) & done; wait',
    out: 'won\n',
  },
  { claim: 'set -u', script: 'set -u; echo ${x-ok}; echo $x; echo never', out: 'ok\n', status: -1 },
  { claim: 'line continuation anywhere', script: 'ec\\\nho a\\\nb "c\\\nd" && e\\\ncho e', out: 'ab cd\ne\n' },
  {
    claim: '[[ ]] is known by ksh93 and bash, and local words too',
    script: 'f() { typeset x=1; x=2; }; x=0; f; echo $x',
    out: '0\n',
  },
];

/** ksh93, which is /bin/sh, against bash, which is root's login shell. */
export interface Difference {
  readonly claim: string;
  readonly script: string;
  readonly ksh93: string;
  readonly bash: string;
}

export const DIFFERENT: readonly Difference[] = [
  { claim: 'the last of a pipeline', script: 'echo a | read v; echo "[$v]"', ksh93: '[a]\n', bash: '[]\n' },
  { claim: '$? of a child that a signal ended', script: `sh -c 'kill -9 $$'; echo $?`, ksh93: '265\n', bash: '137\n' },
  { claim: 'echo and backslashes', script: `echo 'a\\tb'`, ksh93: 'a\tb\n', bash: 'a\\tb\n' },
  {
    claim: 'what is not found',
    script: 'nosuch 2>&1',
    ksh93: 'sh: nosuch: not found\n',
    bash: 'sh: line 1: nosuch: command not found\n',
  },
  {
    claim: 'what cannot be opened',
    script: '{ cat </none; } 2>&1',
    ksh93: 'sh: /none: cannot open [No such file or directory]\n',
    bash: 'sh: line 1: /none: No such file or directory\n',
  },
];
