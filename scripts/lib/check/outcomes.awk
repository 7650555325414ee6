# outcomes.awk - prints how each test has ended
#
#   -v work=DIR   DIR/tap.PROGRAM is the TAP of the tests of a program
#
# Reads the records of scripts/lib/tags. For each of them prints a line of
# fields separated by tabs, and perhaps a second line:
#   test PROGRAM STEP POINTS OUTCOME DETAILS NAME
#       OUTCOME is pass, fail, skip, or none if the test did not run; DETAILS
#       is the file that has what the test printed, or -; PROGRAM is "-" for a
#       test without points
#   reason TEXT
#       why that test was skipped
# Read by: scripts/check (list_others), table.awk.

function load(program,    file, line, name, test, n) {
  file = work "/tap." program
  while ((getline line <file) > 0) {
    if (match(line, /^(not )?ok [0-9]+ /)) {
      name = substr(line, RLENGTH + 1)
      test = program SUBSEP name
      if (match(name, / # skip/)) {
        test = program SUBSEP substr(name, 1, RSTART - 1)
        reason[test] = substr(name, RSTART + 8)
        outcome[test] = "skip"
      } else
        outcome[test] = line ~ /^not/ ? "fail" : "pass"
      details[test] = file "." ++n
    } else if (line ~ /^# / && name != "")
      print substr(line, 3) >details[test]
  }
}

BEGIN { FS = OFS = "\t" }

{
  if (!loaded[$4]++) load($4)
  test = $4 SUBSEP $8
  print "test", $4, $5, $6, test in outcome ? outcome[test] : "none",
    test in details ? details[test] : "-", $8
  if (outcome[test] == "skip") print "reason", reason[test]
}
