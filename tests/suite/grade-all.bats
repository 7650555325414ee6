#!/usr/bin/env bats
# scripts/grade-all: a class is graded, resumed, and listed in a table. A stand-in
# for scripts/grade does the grading.

bats_require_minimum_version 1.5.0

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  cd "$BATS_TEST_TMPDIR" || return
  mkdir class
  never=$BATS_TEST_TMPDIR/never # to read from with a timeout
  here=$BATS_TEST_TMPDIR/here
  mkfifo "$never" "$here"
  export root never here GRADE=$BATS_TEST_TMPDIR/grade
  write_stand_in
}

# The points depend on the length of the submission's name. Each call adds a line
# to CALLS. Some submissions fail, unless MENDED is set. While HANG exists, "stops"
# reports to $here and waits.
write_stand_in() {
  cat >"$GRADE" <<'END'
#!/usr/bin/env bash
set -euo pipefail
while [[ $1 == -* ]]; do
  case $1 in
    --output) output=$2; shift ;;
    --seed) seed=$2; shift ;;
    --format) [[ $2 == json ]]; shift ;;
    --unsafe) seed=unsafe ;;
  esac
  shift
done
(($# == 2)) && [[ $1 == pipe && -e $2 ]]
name=$(basename -- "$2")
printf '%q\n' "$name" >>CALLS
case ${MENDED-}$name in
  exit3*) printf '%s\n' '{"lab":"pipe","submission":"x","score":9,"max":9,' ']}' \
      >"$output"
    printf 'first\ngrade: "bad" archive, \033[2J unreadable\n' >&2; exit 3 ;;
  formula*) echo '=1+1' >&2; exit 3 ;;
  killed*) kill -9 $$ ;;
  half*) echo '{"lab":"pipe","submission":"half","score":9,"max":9,' >"$output"; exit 0 ;;
  nothing*) exit 0 ;;
  stops*) if [[ -e HANG ]]; then
      echo '{"lab":' >"$output"
      echo $$ >"$here"
      read -r <>"$never"
    fi ;;
esac
results=$(mktemp -d)
mkdir "$results/feedback"
printf '%s\n' "lab pipe" 'submission x\","score":99,"max":99,' 'sandbox none' \
  "seed ${seed-1}" >"$results/summary"
printf 'self\tok\neof\tok\n' >"$results/programs"
got=$((${#name} % 3))
printf '4\teof\t-\t0\t0\tskipped\tshown\tfour\n' >"$results/tests"
printf '%s\t' 1 self 1 2 2 pass shown >>"$results/tests"
printf 'a "quoted\\" name", "score":5\n' >>"$results/tests"
printf '%s\t' 2 self 2 "$got" 2 "$( ((got < 2)) && echo fail || echo pass)" shown \
  >>"$results/tests"
printf 'two\n3\teof\t1\t0\t10\ttimeout\tshown\tthree\n' >>"$results/tests"
echo '{"name":"x","points":99,"outcome":"pass"}' >"$results/feedback/1"
"$root/scripts/lib/grade/report" json "$results" >"$output"
rm -r "$results"
END
  chmod +x "$GRADE"
}

grade_all() { "$root/scripts/grade-all" --output grades "$@" pipe class; }

teardown() {
  # Leave nothing running, even if a test has failed.
  [[ ! ${pid-} ]] || kill "$pid" 2>/dev/null || :
}

# Run it in the background until it grades "stops". A shell cannot trap a signal that
# was ignored when it began, as SIGINT is in background jobs.
start_until_stop() { # ARG...
  touch HANG
  set -m
  env --default-signal=HUP,INT,TERM "$root/scripts/grade-all" --output grades "$@" pipe class >out 2>err 3>&- &
  pid=$!
  set +m
  read -rt 20 stopped <>"$here"
}

end_of_run() { # returns its exit status
  local id=$pid
  pid=''
  wait "$id"
}

is_alive() { # PID: it exists and is not a zombie
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" && [[ $state != Z ]]
}

wait_for_end() { # PID
  local end=$((SECONDS + 20))
  while is_alive "$1"; do
    ((SECONDS < end)) || { echo "$1 is still there" >&2; return 1; }
    read -rt 0.02 <>"$never" || :
  done
}

is() { [[ $1 == "$2" ]] || { printf 'is:  %s\nnot: %s\n' "$1" "$2" >&2; return 1; }; }

calls() { sort CALLS | tr '\n' ' '; }

### Grading

@test "each submission gets a file, and a row of score, programs and outcomes" {
  mkdir class/{a,bb}
  touch class/c.tar.gz class/d.tgz class/e.zip
  grade_all
  is "$(ls grades)" $'a.json\nbb.json\nc.tar.gz.json\nd.tgz.json\ne.zip.json\ngrades.csv'
  is "$(head -n 3 grades/grades.csv)" \
    'submission,score,max,eof,self,pass,fail,timeout,crash,leak,race,skipped,error,reason
"a",3,14,0,3,1,1,1,0,0,0,1,0,
"bb",4,14,0,4,2,0,1,0,0,0,1,0,'
}

@test "the results are the same with one job as with four" {
  mkdir class/{a,bb,ccc,dddd,exit3,half,killed,nothing,x\ y}
  run -3 grade_all -j 1
  mv grades one
  run -3 grade_all -j4
  diff -r one grades
}

@test "the options for grade are passed on" {
  mkdir class/a
  grade_all --seed 4711
  grep -q '"seed":4711,' grades/a.json
  grade_all --again --unsafe
  grep -q '"seed":"unsafe",' grades/a.json
}

@test "the summary has the scores, and the steps with the hardest first" {
  mkdir class/{a,bb,ccc,exit3}
  run -3 --separate-stderr grade_all
  is "$output" '4 submissions: 3 graded, 1 not
points: lowest 2, median 3, highest 4 of 14

hardest steps, by the share of their points that the class got:
    0 %  eof, step 1
   50 %  self, step 2

not graded, to be tried again at the next run:
  exit3: grade: "bad" archive, ?[2J unreadable (exit status 3)'
}

@test "stderr has a line for each, or on a terminal the remaining time" {
  mkdir class/{a,bb}
  grade_all -j 1 2>err >/dev/null
  is "$(<err)" $'1 of 2: a: 3 of 14 points\n2 of 2: bb: 4 of 14 points'
  command -v script >/dev/null || skip 'script is not installed'
  script -qec "'$root/scripts/grade-all' --again --output grades pipe class" \
    typescript </dev/null >/dev/null
  grep -q $'\r2 of 2, 0:00 min left' typescript
}

### Names

@test "any name gets a file of its own, and is one cell of the table" {
  local names=('a b' a_b $'new\nline' 'quote"d' "it's" -rf --unsafe '*' '$(touch oops)'
    'c,omma' '\n' $'\xff\xfe' $'tab\t' '&' '+' 'a+b' "$(printf '%0250d' 1)" x.json)
  (cd class && mkdir -- "${names[@]}")
  grade_all -j 4 2>/dev/null
  is "$(ls -1q grades/*.json | wc -l)" "${#names[@]}"
  is "$(LC_ALL=C; find grades -name '*[!A-Za-z0-9._+-]*')" ''
  is "$(find grades -name '[-.]*' -not -name .lab)" ''
  [[ -e grades/a_b.json && ! -e oops ]]
  command -v node >/dev/null || skip 'node, which reads the table, is not installed'
  node -e '
    const text = require("fs").readFileSync("grades/grades.csv", "latin1")
    const rows = []; let row = [], field = "", quoted = false
    for (let i = 0; i < text.length; i++) {
      const c = text[i]
      if (quoted && c == "\"" && text[i + 1] == "\"") { field += c; i++ }
      else if (c == "\"") quoted = !quoted
      else if (!quoted && c == ",") { row.push(field); field = "" }
      else if (!quoted && c == "\n") { rows.push([...row, field]); row = []; field = "" }
      else field += c
    }
    for (const r of rows) if (r.length != rows[0].length) process.exit(1)
    for (const r of rows.slice(1)) process.stdout.write(Buffer.from(r[0] + "\0", "latin1"))
  ' >names
  # Control characters are not printed, and no formula is left.
  printf '%s\0' "${names[@]}" | LC_ALL=C sort -z | tr '\n\t' '??' |
    sed -z "s/^[+-]/'&/" | cmp - names
}

@test "no cell of the table is a formula, or moves a terminal's cursor" {
  local names=('=1+1' +1 -1 @SUM $'\t=1' $'\r=1' '=HYPERLINK("x")' $'\e[2J'
    $'\x7f' $'\xc2\x9b2J' 'x=1' 'Zoë Ü' '"=1' formula)
  (cd class && mkdir -- "${names[@]}")
  run -3 grade_all
  is "$(cut -d , -f 1 grades/grades.csv | LC_ALL=C sort)" "$(LC_ALL=C sort <<'END'
submission
"'=1+1"
"'+1"
"'-1"
"'@SUM"
"?=1"
"?=1"
"'=HYPERLINK(""x"")"
"?[2J"
"?"
"?2J"
"x=1"
"Zoë Ü"
"""=1"
"formula"
END
)"
  is "$(sed -n 's/^"formula".*,//p' grades/grades.csv)" "\"'=1+1 (exit status 3)\""
}

@test "hidden files are ignored; whatever is not a submission is named, as are links" {
  mkdir class/{a,.b}
  touch class/{c.rar,.d.zip}
  ln -s a class/link
  grade_all 2>err
  is "$(<CALLS)" a
  grep -q 'neither a folder nor an archive: c.rar' err
  grep -q 'neither a folder nor an archive: link' err
}

@test "its own folder, if among the submissions, is not graded" {
  mkdir class/a
  cd class
  "$root/scripts/grade-all" pipe .
  CALLS='' "$root/scripts/grade-all" --again pipe .
  is "$(<CALLS)" $'a\na'
  [[ -e grades-pipe/a.json ]]
}

### Submissions that cannot be graded

@test "one that cannot be graded gets a row with the reason, and is tried again" {
  mkdir class/{a,exit3,half,killed,nothing,z}
  run -3 grade_all
  is "$(sed 's/.*,,,,*//; 1d' grades/grades.csv)" '"a",3,14,0,3,1,1,1,0,0,0,1,0,
"grade: ""bad"" archive, ?[2J unreadable (exit status 3)"
"(exit status 0)"
"(killed by signal 9)"
"(exit status 0)"
"z",3,14,0,3,1,1,1,0,0,0,1,0,'
  is "$(cd grades && echo *.json)" 'a.json z.json'
  rm CALLS
  run -3 grade_all
  is "$(calls)" 'exit3 half killed nothing '
  rm CALLS
  MENDED=now- run -0 grade_all
  is "$(calls)" 'exit3 half killed nothing '
  is "$(grep -c ',,' grades/grades.csv)" 0
  is "$(find grades -name '*.failed')" ''
}

### Resuming

@test "a submission that has a grade is skipped, unless --again is given" {
  mkdir class/{a,bb}
  grade_all
  mkdir class/ccc
  grade_all
  is "$(calls)" 'a bb ccc '
  grade_all
  is "$(calls)" 'a bb ccc '
  is "$(wc -l <grades/grades.csv)" 4
  grade_all --again
  is "$(calls)" 'a a bb bb ccc ccc '
}

@test "killed half-way, it resumes: only the one in progress is graded again" {
  mkdir class/{a,b,c,stops,x,y,z}
  start_until_stop -j 1
  kill -KILL "$pid"
  end_of_run || :
  wait_for_end "$stopped"
  is "$(calls)" 'a b c stops '
  is "$(cd grades && echo *)" 'a.json b.json c.json'
  rm HANG
  run -0 grade_all -j 2
  is "$(calls)" 'a b c stops stops x y z '
  is "$(cd grades && echo *)" \
    'a.json b.json c.json grades.csv stops.json x.json y.json z.json'
  is "$(find grades -name '.new*')" ''
}

@test "SIGTERM and SIGINT end it, and whatever it has started, at once" {
  local signal
  mkdir class/{a,stops,z}
  for signal in TERM:143 INT:130; do
    rm -rf grades CALLS
    start_until_stop -j 1
    kill -"${signal%:*}" "$pid"
    status=0
    end_of_run || status=$?
    is "$status" "${signal#*:}"
    wait_for_end "$stopped"
    is "$(calls)" 'a stops '
    is "$(find grades -name '.new*')" ''
    [[ ! -e grades/grades.csv ]]
  done
}

@test "a second grade-all for the same folder refuses to run" {
  mkdir class/{a,stops}
  start_until_stop
  rm HANG
  run -3 grade_all
  [[ $output == 'grade-all: another grade-all is at work in '* ]]
  kill "$pid"
  end_of_run || :
  is "$(calls)" 'a stops '
}

@test "a submission that leaves a process running does not keep the folder locked" {
  mkdir class/a
  # shellcheck disable=SC2016
  sed -i '2i [[ -e started ]] || { cat "$never" >/dev/null 2>\&1 \& echo $! >started; }' \
    "$GRADE"
  grade_all 3>&-
  grade_all --again 3>&-
  kill "$(<started)"
  is "$(calls)" 'a a '
}

@test "a folder with the grades of another lab is refused" {
  mkdir class/a
  grade_all
  run -3 "$root/scripts/grade-all" --output grades fifo class
  [[ $output == *'has the grades of lab pipe' ]]
}

@test "wrong usage exits with 2; a missing lab, folder or submission with 3" {
  run -2 "$root/scripts/grade-all" pipe
  run -2 grade_all -j 0
  run -2 grade_all -j
  run -2 grade_all --output
  run -3 "$root/scripts/grade-all" no-such-lab class
  run -3 "$root/scripts/grade-all" ../labs/pipe class
  run -3 "$root/scripts/grade-all" pipe no-such-folder
  [[ $output == 'grade-all: no folder no-such-folder' ]]
  run -3 grade_all
  [[ $output == 'grade-all: no submissions in '* ]]
}

### Other engines

# A block of the README, with the stand-in as scripts/grade.
readme() { # PATTERN: of its first line
  mkdir -p scripts in grades
  cp "$GRADE" scripts/grade
  mkdir in/{a,bb,'x y'}
  awk -v pattern="$1" '/^```/ { on = 0 } $0 ~ pattern { on = 1 } on' \
    "$root/README.md" >block
  grep . block
}

@test "README: the line for GNU parallel grades a class; grade-all adds the table" {
  parallel --version 2>/dev/null | grep -q GNU || skip 'GNU parallel is not installed'
  readme '\| parallel '
  bash -e <(sed 1q block) 2>/dev/null
  is "$(calls)" 'a bb x\ y '
  "$root/scripts/grade-all" --output grades pipe in
  is "$(cut -d, -f 1,2 grades/grades.csv | tail -n 3)" $'"a",3\n"bb",4\n"x y",2'
}

@test "README: the Slurm array grades a class" {
  readme '^sbatch '
  mkdir bin
  cat >bin/sbatch <<'END'
#!/usr/bin/env bash
last=${1#--array=1-}
for ((i = 1; i <= last; i++)); do
  SLURM_ARRAY_TASK_ID=$i sh -c "${2#--wrap=}" || exit
done
END
  chmod +x bin/sbatch
  PATH=$PWD/bin:$PATH bash -e block
  is "$(calls)" 'a bb x\ y '
  is "$(cd grades && echo *.json)" 'a.json bb.json x y.json'
}
