# uses.awk - prints NAME and the exercises that it starts, separated by spaces,
# of each test of a .bats file, separated by a tab
#
# Exercises are words of the test, or of the functions of the file that it
# calls. Give the exercises as -v exercises='writer reader'.

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
  n = split(exercises, exercise, " ")
  for (i = 1; i <= n; i++) is_exercise[exercise[i]]
}

/^@test / {
  name = $0
  match(name, /.*[ \t]\{/) # as in scripts/lib/tags
  name = substr(name, 1, RLENGTH - 1)
  gsub(/^@test +.|.[ \t]+$/, "", name)
  test[++tests] = name
  at = name
}
/^[A-Za-z_]+\(\) *\{/ { at = $1; sub(/\(.*/, "", at) }
/^ *#/ { next }
at != "" { body[at] = body[at] " " words_of($0) }
/^\}/ || /^[^ ].*\{.*\} *$/ { at = "" }

END {
  for (i = 1; i <= tests; i++) {
    split("", used)
    split("", seen)
    look(body[test[i]])
    line = ""
    for (j = 1; j <= n; j++)
      if (exercise[j] in used) line = line (line == "" ? "" : " ") exercise[j]
    print test[i] "\t" line
  }
}
