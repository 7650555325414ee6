# classroom50.awk - Classroom 50's result.json, classroom50/result/v1
#
# Who and what is graded, its runner says in the environment; and it checks
# that against the repository. What is not said is "local".

function said(key,   value) {
  value = clean(ENVIRON[key])
  return value == "" ? "local" : value
}

function pair(key, value) { printf "\"%s\":%s,\n", key, quote(value) }

BEGIN {
  printf "{"
  pair("schema", "classroom50/result/v1")
  pair("classroom", said("CLASSROOM"))
  pair("assignment", ENVIRON["ASSIGNMENT"] == "" ? lab : said("ASSIGNMENT"))
  pair("assignment_type",
    ENVIRON["ASSIGNMENT_TYPE"] == "" ? "individual" : said("ASSIGNMENT_TYPE"))
  pair("owner", ENVIRON["OWNER"] == "" ? submission : said("OWNER"))
  pair("submission",
    ENVIRON["SUBMISSION_TAG"] == "" ? "submit/local" : said("SUBMISSION_TAG"))
  pair("commit", said("COMMIT_URL"))
  pair("release", said("RELEASE_URL"))
  pair("review", said(ENVIRON["REVIEW_URL"] == "" ? "COMMIT_URL" : "REVIEW_URL"))
  pair("datetime", date "Z")
  printf "\"score\":%d,\"max-score\":%d,\n\"tests\":[\n", score, full
  for (i = 1; i <= tests; i++) {
    printf "{\"test-name\":%s,\"passed\":%s,\"score\":%d,\"max-score\":%d,",
      quote(name[i]), (outcome[i] == "pass" ? "true" : "false"), points[i], max[i]
    printf "\"outcome\":\"%s\",\"feedback\":%s}%s\n", outcome[i],
      quote(shown_feedback(i)), comma(i, tests)
  }
  print "]}"
}
