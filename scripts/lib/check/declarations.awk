# declarations.awk - the declarations of a step, and their harmless values
#
# Functions for cut.awk, which prints them, and for steps.awk, which recognises
# them. It knows the C that the programs are written in, not all of C.

function indent(line) {
  match(line, /^ */)
  return RLENGTH
}

# "struct stat info;", "const char *name = f(x);", "pid_t pid = fork();" ...
function is_declaration(text) {
  return text !~ /^(return|goto|else|case|typedef|extern)[^A-Za-z0-9_]/ &&
    text ~ /^([A-Za-z_][A-Za-z0-9_]* +)+\**[A-Za-z_][A-Za-z0-9_]*(\[[^]]*\])* *[=;,]/
}

# Has a starter nothing else at this place? TEXT is one line without its indent.
function is_harmless(text,    value) {
  if (!is_declaration(text) || text !~ /;$/) return 0
  value = text
  if (!sub(/^[^=]*= */, "", value)) return text ~ /^static /
  sub(/;$/, "", value)
  return is_literal(value)
}

function is_literal(value) {
  return value ~ /^(-?[0-9][0-9a-fA-FxX]*[uUlL]*|NULL|"[^"]*"|'[^']+')$/ ||
    value ~ /^\{ *-?[0-9]+(, -?[0-9]+)* *\}$/
}

# Print what TEXT declares, one line for each name, indented by DEPTH.
function print_harmless(text, depth,    type, rest, n, part, i) {
  sub(/;$/, "", text)
  match(text, /^([A-Za-z_][A-Za-z0-9_]* +)+/)
  rest = substr(text, RLENGTH + 1)
  type = substr(text, 1, RLENGTH)
  # "int a" without a star: the last word is the name, not a part of the type.
  if (rest !~ /^\*/ && match(type rest, /[A-Za-z_][A-Za-z0-9_]*(\[[^]]*\])* *(=|,|$)/)) {
    rest = substr(type rest, RSTART)
    type = substr(text, 1, RSTART - 1)
  }
  n = split_at_commas(rest, part)
  for (i = 1; i <= n; i++)
    printf "%*s%s%s;\n", depth, "", type, with_value(type, part[i])
}

# Split TEXT into PART at the commas outside of all brackets and strings.
function split_at_commas(text, part,    i, c, level, quoted, n) {
  n = 1
  part[1] = ""
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "\"" && substr(text, i - 1, 1) != "\\") quoted = !quoted
    if (!quoted && c ~ /[({[]/) level++
    if (!quoted && c ~ /[]})]/) level--
    if (c == "," && !level && !quoted) {
      part[++n] = ""
      sub(/^ */, "", part[n])
    } else if (part[n] != "" || c != " ")
      part[n] = part[n] c
  }
  return n
}

# NAME or NAME = VALUE, with the value that a starter has.
function with_value(type, declarator,    name, value) {
  name = declarator
  value = ""
  if (sub(/ *=.*/, "", name)) {
    value = declarator
    sub(/^[^=]*= */, "", value)
  }
  if (type ~ /^static / && value == "") return name
  return name " = " (is_literal(value) ? value : harmless(type, name))
}

function harmless(type, name) {
  if (name ~ /\*/) return "NULL"
  if (name ~ /\[2\]$/ && type ~ /^(const )?int $/) return "{ -1, -1 }"
  if (name ~ /\]$/) return type ~ /char $/ ? "\"\"" : "{ 0 }"
  if (type ~ /(unsigned|size_t|socklen_t|mode_t|time_t|uint[0-9]*_t|double|bool|_Bool) /)
    return type ~ /ssize_t / ? "-1" : "0"
  if (type ~ /(int|long|short|char|pid_t|mqd_t|off_t|key_t|clockid_t|int[0-9]+_t) $/)
    return "-1"
  return "{ 0 }"
}
