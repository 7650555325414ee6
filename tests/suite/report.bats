#!/usr/bin/env bats
# The report in each format, read by a tool for that format if one is installed;
# and the files for Gradescope and CI systems.

bats_require_minimum_version 1.5.0

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  results=$BATS_TEST_TMPDIR/results
  mkdir -p "$results"/{messages,feedback}
  out=$BATS_TEST_TMPDIR/out
}

add_test() { # NUMBER PROGRAM STEP POINTS MAX OUTCOME HIDDEN-OR-SHOWN NAME
  (IFS=$'\t' && echo "$*") >>"$results/tests"
}

write_summary() {
  printf '%s\n' 'lab pipe' 'submission a "b" \ <c> & d' 'sandbox bubblewrap' \
    'seed 4711' >"$results/summary"
}

# All points.
perfect_results() {
  write_summary
  printf 'self\tok\n' >"$results/programs"
  add_test 1 self 1 1 1 pass shown 'self: one'
  add_test 2 self 2 3 3 pass shown 'self: two'
}

# The worst that a submission can do to a report; 4 of 14 points.
nasty_results() {
  write_summary
  printf '%s\t%s\n' self ok eof failed shared ok >"$results/programs"
  printf 'eof.c:3: error: "x" \\n </failure> ]]>\nok 9\n' >"$results/messages/eof"
  echo 'not started' >"$results/messages/shared"
  add_test 1 self 1 1 1 pass shown 'self: one'
  add_test 2 self 4 0 2 timeout shown 'self: a # SKIP "b" \ <c> & ]]>'
  add_test 3 self 4 3 3 pass shown 'self: \# TODO a \" b'
  add_test 4 self - 0 0 skipped shown 'self: four'
  add_test 5 self 5 0 3 fail hidden 'self: five'
  add_test 6 eof 1 0 1 fail shown 'eof: six'
  add_test 7 shared 2 0 1 fail shown 'shared: seven'
  add_test 8 self 6 0 3 error shown 'self: eight'
  printf '%s\n' 'ok 1' 'not ok 2' 'Bail out!' '1..0' '' 'TAP version 12' '# TODO' \
    $'\tx\\y "q" <a> &amp; ]]> \\" \\\\ \\u0041 ${X} %s' '{"score":99,"max":99,' \
    '</failure>' 'lab pipe: 14 of 14 points' >"$results/feedback/2"
  echo 'because' >"$results/feedback/4"
  echo 'SECRET' >"$results/feedback/5"
}

report() { "$root/scripts/lib/grade/report" "$1" "$results" >"$out"; }

need() { command -v "$1" >/dev/null || skip "$1 is missing"; }

is() { [[ $1 == "$2" ]] || { printf 'is:  %s\nnot: %s\n' "$1" "$2" >&2; return 1; }; }

query() { jq -r "$1" "$out"; }

xpath() { xmllint --xpath "$1" "$out"; }

# A test does not fail if a command with "!" in front fails.
lacks() { if grep -qE -- "$1" "$out"; then grep -E -- "$1" "$out" >&2; return 1; fi; }

### Text

@test "text: a table of programs, steps and points in 80 columns, then the reasons" {
  nasty_results
  report text
  grep -qx 'lab pipe, submission a "b" \\ <c> & d: 4 of 14 points' "$out"
  grep -qE '^self +4/12$' "$out"
  grep -qE '^ +step 4 +3/5 +1 timeout, 1 pass$' "$out"
  grep -qE '^ +other +0/0 +skipped$' "$out"
  grep -qE '^eof +0/1 +does not compile$' "$out"
  grep -qE '^shared +0/1 +not started$' "$out"
  grep -qx 'self, step 4: timeout, 0 of 2 points' "$out"
  grep -qxF '  | eof.c:3: error: "x" \n </failure> ]]>' "$out"
  lacks '.{81}'
}

@test "text: a program that was not built is one reason, not one per test" {
  nasty_results
  echo 'there is no such program' >"$results/feedback/6"
  report text
  lacks 'there is no such program'
}

@test "text: the output of a program cannot pass for a line of the report" {
  nasty_results
  report text
  is "$(grep -c '^lab pipe' "$out")" 1
  grep -qxF '  | lab pipe: 14 of 14 points' "$out"
}

### JSON

@test "json: these keys, in this order, and nothing else" {
  need jq
  nasty_results
  report json
  is "$(query 'keys_unsorted | join(" ")')" \
    'lab submission score max sandbox seed programs tests'
  is "$(query '.programs | map(keys_unsorted | join(" ")) | unique[]')" \
    'name build messages'
  is "$(query '.tests | map(keys_unsorted | join(" ")) | unique[]')" \
    'name program step points max outcome feedback hidden'
  is "$(query '[.lab, .submission, .score, .max, .sandbox, .seed] | @json')" \
    '["pipe","a \"b\" \\ <c> & d",4,14,"bubblewrap",4711]'
  is "$(query '.tests[3] | [.step, .points, .max, .outcome, .hidden] | @json')" \
    '[null,0,0,"skipped",false]'
}

@test "json: text is preserved byte for byte" {
  need jq
  nasty_results
  report json
  query '.tests[1].feedback' | cmp - "$results/feedback/2"
  query '.programs[1].messages' | cmp - "$results/messages/eof"
  query '.tests[].name' | cmp - <(cut -f 8 "$results/tests")
}

@test "json: a seed that is not a number is a string; control characters become ?" {
  need jq
  perfect_results
  sed -i 's/^seed .*/seed 00123/' "$results/summary"
  printf 'a\001\033[2J\377\r\n' >"$results/feedback/1"
  report json
  is "$(query .seed)" 00123
  is "$(query '.tests[0].feedback')" 'a??[2J??'
}

@test "json: a second parser accepts it, too" {
  need node
  nasty_results
  for format in json gradescope classroom50; do
    report "$format"
    node -e 'JSON.parse(require("fs").readFileSync(process.argv[1]))' "$out"
  done
}

### TAP

@test "tap: prove sees which tests passed, failed and were skipped" {
  need prove
  nasty_results
  report tap
  run prove -e cat "$out"
  ((status == 1))
  [[ $output == *'Tests: 8 Failed: 5)'*'Failed tests:  2, 5-8'*'Tests=8,'* ]]
  [[ $output == *'less 1 skipped subtest'* && $output != *'Parse error'* ]]
  [[ $output != *'TODO passed'* && $output != *'Bailout'* ]]
}

@test "tap: prove succeeds if all points have been earned" {
  need prove
  perfect_results
  report tap
  prove -e cat "$out"
}

### JUnit

@test "junit: it is XML, and its counts are right" {
  need xmllint
  nasty_results
  report junit
  is "$(xpath 'count(//testcase)')" 8
  is "$(xpath 'sum(//testsuite/@tests)')" 8
  is "$(xpath 'sum(//testsuite/@failures)')" "$(xpath 'count(//failure)')"
  is "$(xpath 'count(//failure)')" 4
  is "$(xpath 'sum(//testsuite/@errors)')" "$(xpath 'count(//error)')"
  is "$(xpath 'sum(//testsuite/@skipped)')" "$(xpath 'count(//skipped)')"
  is "$(xpath 'sum(//property[@name="points"]/@value)')" 4
  is "$(xpath 'sum(//property[@name="max"]/@value)')" 14
  is "$(xpath 'string(//failure/@type)')" timeout
}

@test "junit: text is preserved" {
  need xmllint
  nasty_results
  report junit
  is "$(xpath 'string(//testcase[2]/failure)')" "$(<"$results/feedback/2")"
  is "$(xpath 'string(//testcase[2]/@name)')" \
    "$(sed -n 2p "$results/tests" | cut -f 8)"
  is "$(xpath 'string(//property[@name="submission"]/@value)')" 'a "b" \ <c> & d'
  is "$(xpath 'string(//testsuite[@name="eof"]/system-err)')" \
    "$(<"$results/messages/eof")"
}

@test "junit: it is valid by the schemas of Ant and of Jenkins" {
  need xmllint
  nasty_results
  report junit
  is "$(xpath "count(/testsuites/testsuite)")" 3
  is "$(xpath "count(/testsuites/@*)")" 0
  is "$(xpath "count(//testsuite[@name and @package and @id and @hostname and
    @timestamp and @tests and @failures and @errors and @time])")" 3
  is "$(xpath "count(//testsuite[*[1][self::properties] and
    *[last() - 1][self::system-out] and *[last()][self::system-err]])")" 3
  is "$(xpath "count(//testcase[@name and @classname and @time])")" 8
  is "$(xpath "count(//testcase/*[@type or self::skipped])")" 6
  is "$(xpath "count(//testcase[count(*) > 1])")" 0
  [[ $(xpath "string(//@timestamp)") =~ ^[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:?){3}$ ]]
}

### Gradescope

@test "gradescope: the documented keys; hidden tests appear after the due date" {
  need jq
  nasty_results
  report gradescope
  is "$(query .score)" 4
  is "$(query 'keys_unsorted - ["score", "output", "output_format", "visibility",
    "tests"] | length')" 0
  is "$(query '.tests | map(keys_unsorted | join(" ")) | unique[]')" \
    'score max_score status name number output visibility'
  is "$(query '[.tests[] | select(.visibility == "after_due_date").name] | @json')" \
    '["self: five"]'
  is "$(query '[.tests[].status] | map(.[:1]) | add')" pfpfffff
  is "$(query '[.tests[].score] | add')" 4
  is "$(query '[.tests[].max_score] | add')" 14
  query '.tests[1].output' | tail -n +2 | cmp - "$results/feedback/2"
  # Otherwise Gradescope takes it for HTML.
  is "$(query .output_format)" text
  [[ $(query .output) == *$'\neof: does not compile\neof.c:3: error: "x"'* ]]
}

### Classroom 50

@test "classroom50: result/v1, with what its runner has put into the environment" {
  need jq
  nasty_results
  CLASSROOM=cs50 ASSIGNMENT=hello OWNER=alice SUBMISSION_TAG=submit/x \
    COMMIT_URL=c RELEASE_URL=r REVIEW_URL=v report classroom50
  is "$(query '[.schema, .classroom, .assignment, .owner, .submission, .commit,
    .release, .review, .score, ."max-score"] | @json')" \
    '["classroom50/result/v1","cs50","hello","alice","submit/x","c","r","v",4,14]'
  [[ $(query .datetime) =~ ^[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z$ ]]
  is "$(query '.tests[1] | [.passed, .score, ."max-score"] | @json')" '[false,0,2]'
  is "$(query '[.tests[] | select(.passed).score] | add')" 4
}

@test "classroom50: it is complete without the runner" {
  need jq
  nasty_results
  (unset CLASSROOM ASSIGNMENT ASSIGNMENT_TYPE OWNER SUBMISSION_TAG COMMIT_URL \
    RELEASE_URL REVIEW_URL && report classroom50)
  is "$(query '[.[] | strings | length] | min > 0')" true
  is "$(query .assignment)" pipe
  [[ $(query .submission) == submit/* ]]
}

### Every format

@test "a student sees only the title of a hidden test, the teacher everything" {
  nasty_results
  for format in text tap junit gradescope classroom50; do
    report "$format"
    grep -qF 'five' "$out"
    lacks SECRET
  done
  report json
  grep -qF SECRET "$out"
}

@test "every awk that is installed prints the same" {
  local awk names=0 bin=$BATS_TEST_TMPDIR/bin
  nasty_results
  mkdir "$bin"
  for awk in mawk gawk original-awk 'busybox awk'; do
    command -v "${awk%% *}" >/dev/null || continue
    names=$((names + 1))
    printf '#!/bin/sh\nexec %s "$@"\n' "$awk" >"$bin/awk"
    chmod +x "$bin/awk"
    for format in text json tap junit gradescope classroom50; do
      PATH=$bin:$PATH report "$format"
      if ((names == 1)); then cp "$out" "$out.$format"; else cmp "$out" "$out.$format"; fi
    done
  done
  ((names > 1)) || skip 'only one awk is installed'
}

@test "results that cannot be right give no report: exit 3, and nothing on stdout" {
  local line
  for line in $'9\tself\t1\t2\t1\tpass\tshown\tmore than max' \
    $'9\tself\t1\t0.5\t1\tpass\tshown\thalf a point' \
    $'9\tself\t1\t-1\t1\tfail\tshown\tless than none' \
    $'9\tself\t1\t1\t1\tgood\tshown\tno such outcome' \
    $'9\tself\t1\t1\t1\tpass\tmaybe\tneither hidden nor shown' \
    $'9\tself\t1\t1\t1\tpass\tshown' '' $'9\tself\t1\t1\t1\tpass\tshown\ta\tb'; do
    rm -f "$results/tests"
    perfect_results
    echo "$line" >>"$results/tests"
    run -3 --separate-stderr "$root/scripts/lib/grade/report" text "$results"
    [[ -z $output && $stderr == "report: $results/tests: "* ]]
  done
  for file in tests programs summary; do
    rm -f "$results/tests"
    perfect_results
    rm "$results/$file"
    run -3 --separate-stderr "$root/scripts/lib/grade/report" json "$results"
    [[ -z $output && $stderr == "report: cannot read $results/$file" ]]
  done
  rm -f "$results/tests"
  perfect_results
  : >"$results/tests"
  run -3 "$root/scripts/lib/grade/report" json "$results"
}

@test "a report that cannot be written is exit 3" {
  perfect_results
  run -3 bash -c '"$0" json "$1" >/dev/full' "$root/scripts/lib/grade/report" "$results"
}

@test "a format that does not exist is a usage error" {
  perfect_results
  run -2 "$root/scripts/lib/grade/report" results "$results"
  run -2 "$root/scripts/lib/grade/report" json
}

### Files for other systems

# The zip unpacked as Gradescope does, with a stand-in for the grader.
gradescope_place() {
  need unzip
  command -v zip || command -v bsdtar || command -v 7z || skip 'zip is missing'
  cp -r "$root"/{Makefile,LICENSE,common,labs,scripts,tests} "$BATS_TEST_TMPDIR"
  "$BATS_TEST_TMPDIR/scripts/gradescope" pipe
  AUTOGRADER=$BATS_TEST_TMPDIR/autograder
  export AUTOGRADER
  mkdir -p "$AUTOGRADER"/{source,submission,results}
  unzip -q "$BATS_TEST_TMPDIR/build/gradescope/pipe.zip" -d "$AUTOGRADER/source"
  cp "$AUTOGRADER/source/run_autograder" "$AUTOGRADER"
  suite=$AUTOGRADER/source/suite
  printf '#!/usr/bin/env bash\n%s\n' \
    'echo "$1 $2 $5 $6" >&2; echo "{}" >"$4"; exit "${STATUS-0}"' >"$suite/scripts/grade"
  chmod +x "$suite/scripts/grade"
}

@test "gradescope: setup.sh installs and builds, with nothing but the zip" {
  gradescope_place
  local bin=$BATS_TEST_TMPDIR/bin
  mkdir "$bin"
  printf '#!/bin/sh\necho "$@" >>"%s"\n' "$BATS_TEST_TMPDIR/installed" >"$bin/apt-get"
  chmod +x "$bin/apt-get"
  [[ ! -e $suite/build && ! -e $suite/labs/pipe/self ]]
  (cd / && CFLAGS=-O0 PATH=$bin:$PATH "$AUTOGRADER/source/setup.sh")
  grep -q 'bubblewrap gcc' "$BATS_TEST_TMPDIR/installed"
  [[ -x $suite/labs/pipe/parent_child && -x $suite/build/labrun ]]
}

@test "gradescope: run_autograder leaves the grader's results.json, and hides the suite" {
  gradescope_place
  run -0 "$AUTOGRADER/run_autograder"
  [[ $output == "--format gradescope pipe $AUTOGRADER/submission" ]]
  [[ $(<"$AUTOGRADER/results/results.json") == '{}' ]]
  is "$(stat -c %a "$suite")" 700
}

@test "gradescope: a grader that fails leaves no results.json, and so no zero" {
  gradescope_place
  echo '{"score":7}' >"$AUTOGRADER/results/results.json"
  STATUS=3 run -3 "$AUTOGRADER/run_autograder"
  [[ $output == *'could not grade (exit status 3)'* ]]
  is "$(ls -A "$AUTOGRADER/results")" ''
}

@test "gradescope: if there is no tool for zip files, it reports that" {
  local bin=$BATS_TEST_TMPDIR/bin command
  cp -r "$root"/{Makefile,LICENSE,common,labs,scripts,tests} "$BATS_TEST_TMPDIR"
  mkdir "$bin"
  for command in bash env dirname mkdir mktemp rm cp make chmod cat sh; do
    ln -s "$(command -v "$command")" "$bin"
  done
  PATH=$bin run -1 "$BATS_TEST_TMPDIR/scripts/gradescope" pipe
  [[ $output == *'zip is not installed'* ]]
  [[ -z $(ls -A "$BATS_TEST_TMPDIR/build/gradescope") ]]
}

@test "the CI files check every lab" {
  local labs
  labs=$(make -s -C "$root" print-labs)
  grep -qF "lab: [${labs// /, }]" "$root/scripts/lib/ci/github-actions.yml"
  grep -qF "LAB: [${labs// /, }]" "$root/scripts/lib/ci/gitlab-ci.yml"
}
