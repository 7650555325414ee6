# junit.awk - JUnit's XML, with one testsuite per program
#
# It is valid by both schemas in use, those of Ant and of Jenkins: hence attributes
# without meaning here (time, hostname), and no points for tests that pass.

function xml(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  gsub(/"/, "\\&quot;", text)
  return text
}

function property(key, value) {
  printf "    <property name=\"%s\" value=\"%s\"/>\n", key, xml(value)
}

function print_test(i,   element) {
  printf "  <testcase classname=\"%s\" name=\"%s\" time=\"0\"",
    xml(lab "." owner[i]), xml(name[i])
  if (outcome[i] == "pass") { print "/>"; return }
  if (outcome[i] == "skipped") {
    printf "><skipped>%s</skipped></testcase>\n", xml(shown_feedback(i))
    return
  }
  element = outcome[i] == "error" ? "error" : "failure"
  printf "><%s type=\"%s\" message=\"%s\">%s</%s></testcase>\n", element,
    outcome[i], xml(where(i) ": " outcome[i] ", " of_points(i)),
    xml(shown_feedback(i)), element
}

function print_suite(suite, id,   i, count, got, of, problem) {
  count["failures"] = count["error"] = count["skipped"] = 0
  for (i = 1; i <= tests; i++) {
    if (owner[i] != suite) continue
    count["tests"]++
    count[outcome[i] ~ /^(pass|skipped|error)$/ ? outcome[i] : "failures"]++
    got += points[i]
    of += max[i]
  }
  printf "<testsuite name=\"%s\" package=\"%s\" id=\"%d\" timestamp=\"%s\"",
    xml(suite), xml(lab), id, date
  printf " hostname=\"localhost\" tests=\"%d\" failures=\"%d\" errors=\"%d\"",
    count["tests"], count["failures"], count["error"]
  printf " skipped=\"%d\" time=\"0\">\n  <properties>\n", count["skipped"]
  property("submission", submission)
  property("sandbox", sandbox)
  property("seed", seed)
  property("points", got + 0)
  property("max", of + 0)
  print "  </properties>"
  for (i = 1; i <= tests; i++) if (owner[i] == suite) print_test(i)
  i = suite in PROGRAM ? PROGRAM[suite] : 0
  problem = i ? build_problem(i) : ""
  printf "  <system-out>%s</system-out>\n  <system-err>%s</system-err>\n",
    xml(problem), (problem == "does not compile" ? xml(messages[i]) : "")
  print "</testsuite>"
}

BEGIN {
  print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
  print "<testsuites>"
  for (t = 1; t <= tests; t++)
    if (!(owner[t] in done)) {
      done[owner[t]]
      print_suite(owner[t], suites++)
    }
  print "</testsuites>"
}
