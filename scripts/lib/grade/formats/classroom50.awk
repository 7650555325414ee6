# classroom50.awk - Classroom 50's result.json, classroom50/result/v1
#
# Its runner puts into the environment who and what is graded, and compares that
# with the repository. Anything missing is "local".

function setting(key,   value) {
  value = clean(ENVIRON[key])
  return value == "" ? "local" : value
}

function pair(key, value) { printf "\"%s\":%s,\n", key, quote(value) }

BEGIN {
  printf "{"
  pair("schema", "classroom50/result/v1")
  pair("classroom", setting("CLASSROOM"))
  pair("assignment", ENVIRON["ASSIGNMENT"] == "" ? lab : setting("ASSIGNMENT"))
  pair("assignment_type",
    ENVIRON["ASSIGNMENT_TYPE"] == "" ? "individual" : setting("ASSIGNMENT_TYPE"))
  pair("owner", ENVIRON["OWNER"] == "" ? submission : setting("OWNER"))
  pair("submission",
    ENVIRON["SUBMISSION_TAG"] == "" ? "submit/local" : setting("SUBMISSION_TAG"))
  pair("commit", setting("COMMIT_URL"))
  pair("release", setting("RELEASE_URL"))
  pair("review", setting(ENVIRON["REVIEW_URL"] == "" ? "COMMIT_URL" : "REVIEW_URL"))
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
