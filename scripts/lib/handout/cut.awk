# cut.awk - prints a program without the code of its steps
#
#   -v steps=' 1  3 '   only these, each between blanks; all if empty
#
# A step is a comment that begins with STEP and the code below it, up to a blank
# line or one that is indented less. Needs declarations.awk.

function end_step() {
  in_step = in_comment = 0
  declaration = ""
}

# A declaration may take several lines; it ends with the semicolon.
function keep_declarations(line) {
  sub(/ *\/\*.*\*\/ *$/, "", line)
  if (declaration == "" &&
      (indent(line) != depth || !is_declaration(substr(line, depth + 1))))
    return
  sub(/^ */, "", line)
  declaration = declaration (declaration == "" ? "" : " ") line
  if (line !~ /;$/) return
  print_harmless(declaration, depth)
  declaration = ""
}

in_step && !in_comment && (/^ *$/ || indent($0) < depth) { end_step() }

/^ *\/\* STEP [0-9]+:/ {
  end_step()
  match($0, /STEP [0-9]+/)
  step = substr($0, RSTART + 5, RLENGTH - 5)
  if (steps == "" || index(steps, " " step " ")) {
    in_step = in_comment = 1
    depth = indent($0)
    sub(/STEP/, "TODO")
  }
}
in_step && !in_comment { keep_declarations($0); next }
{ print }
in_comment && /\*\/ *$/ { in_comment = 0 }
