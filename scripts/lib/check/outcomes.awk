# outcomes.awk - for each line of scripts/lib/tags, prints how the test has ended
#
#   -v work=DIR   where the TAP of a program's tests is, as tap.PROGRAM
#
# The lines are those that table.awk reads. What a test has printed is put
# into a file of its own.

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
  if (!loaded[$2]++) load($2)
  test = $2 SUBSEP $6
  print "test", $2, $3, $4, test in outcome ? outcome[test] : "none",
    test in details ? details[test] : "-", $6
  if (outcome[test] == "skip") print "reason", reason[test]
}
