# steps.awk - prints the steps of a program, see scripts/lib/check/steps
#
# The code of a step is what cut.awk would remove: what is below the comment, up
# to a blank line or one that is indented less. Needs declarations.awk.

function print_step() {
  if (text != "") print number, state, text
  text = ""
}

BEGIN { OFS = "\t" }

{ sub(/\r$/, "") }

text != "" && !in_comment && (/^[ \t]*$/ || indent($0) < depth) { print_step() }

/^ *\/\* (STEP|TODO) [0-9]+:/ {
  print_step()
  depth = indent($0)
  in_comment = 1
  state = "empty"
  sub(/^ *\/\* (STEP|TODO) /, "")
  number = $0 + 0
  sub(/^[0-9]+: */, "")
}

in_comment {
  is_end = sub(/ *\*\/.*/, "")
  sub(/^[ \t]*(\* )?[ \t]*/, "")
  text = text (text == "" ? "" : " ") $0
  in_comment = !is_end
  next
}

text != "" {
  line = $0
  sub(/^[ \t]*/, "", line)
  sub(/ *\/\*.*\*\/ *$/, "", line)
  if (!is_harmless(line)) state = "code"
}

END { print_step() }
