# uses.awk - prints which exercises each test starts
#
#   -v exercises='writer reader'
#
# Reads the records of scripts/lib/tags, and then the .bats files that they are
# about. For each test prints "uses", its NAME and the exercises, separated by
# tabs; the exercises are separated by spaces. Exercises are words of the test,
# or of the functions of its file that it calls.
# Read by: scripts/check (list_others), table.awk.

function words_of(text) {
  gsub(/[^A-Za-z0-9_]+/, " ", text)
  return text
}

function look(text,    word, n, i) {
  n = split(text, word, " ")
  for (i = 1; i <= n; i++)
    if (word[i] in is_exercise)
      used[word[i]]
    else if (word[i] in body && !(word[i] in seen)) {
      seen[word[i]]
      look(body[word[i]])
    }
}

BEGIN {
  FS = "\t"
  n = split(exercises, exercise, " ")
  for (i = 1; i <= n; i++) is_exercise[exercise[i]]
}

FILENAME == ARGV[1] {
  name[++tests] = $8
  for (i = $2; i <= $3; i++) test_at[$1, i] = tests
  next
}

# No function has a name like the key of a test.
(FILENAME, FNR) in test_at {
  key = "@" test_at[FILENAME, FNR]
  if (!/^ *#/) body[key] = body[key] " " words_of($0)
  next
}
/^[A-Za-z_]+\(\) *\{/ { at = $0; sub(/\(.*/, "", at) }
/^ *#/ { next }
at != "" { body[at] = body[at] " " words_of($0) }
/^\}/ || /^[^ ].*\{.*\} *$/ { at = "" }

END {
  for (i = 1; i <= tests; i++) {
    split("", used)
    split("", seen)
    look(body["@" i])
    line = ""
    for (j = 1; j <= n; j++)
      if (exercise[j] in used) line = line (line == "" ? "" : " ") exercise[j]
    print "uses\t" name[i] "\t" line
  }
}
