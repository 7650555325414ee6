# trust.awk - prints a line of the table of scripts/trust, for one submission
#
# Reads its grade, as json.awk prints it. In the environment: NAME, PROGRAM, LOSS
# and FAILS (the TESTs, one on each line), as scripts/trust (expect) describes them.

function member(key) {
  if (!match($0, "\"" key "\":(\"([^\"\\\\]|\\\\.)*\"|[0-9]+)")) return ""
  return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
}

function string(key,   text) {
  text = member(key)
  gsub(/^"|"$/, "", text)
  gsub(/\\/, "", text)
  return text
}

BEGIN {
  program = ENVIRON["PROGRAM"]
  loss = ENVIRON["LOSS"]
  n = split(ENVIRON["FAILS"], wanted, "\n")
}

/"outcome":/ && (program == "-" || string("program") == program) {
  points = member("points")
  max = member("max")
  got += points
  all += max
  if (points < max) { failed[string("name")]; failed["step " member("step")] }
}

END {
  lost = all - got
  right = all && (loss == "some" ? lost > 0 : lost == (loss == "all" ? all : loss))
  for (i = 1; i <= n; i++)
    if (wanted[i] != "" && !(wanted[i] in failed)) {
      right = 0
      passes = passes "; passes: " wanted[i]
    }
  must = loss == "some" ? "less" : loss == "all" ? 0 : all - loss
  print ENVIRON["NAME"] "\t" got + 0 " of " all + 0 "\t" must "\t" \
    (right ? "right" : "WRONG" passes)
}
