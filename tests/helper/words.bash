# words.bash - what a failing test prints, in words that a student can use
#
# Only a failing test may start processes in here: they take time.
#
# shellcheck shell=bash

# The lines of TEXT, the first after LABEL and the others indented as far: at
# most COUNT of them, of about 200 characters, all printable.
clip() { # LABEL COUNT TEXT
  local LC_ALL=C label=$1 line more=-$2
  while IFS= read -r line; do
    ((++more <= 0)) || continue
    line=${line:0:201}
    [[ $line != *[![:print:]]* ]] || line=$(cat -v <<<"$line")
    ((${#line} <= 200)) || line=${line:0:180}...
    printf '%s%s\n' "$label" "$line"
    label=${label//?/ }
  done <<<"$3"
  ((more <= 0)) || echo "$label... ($more more lines)"
}

show() { # FILE: its beginning, readable
  local text size
  [[ -s $1 ]] || { echo nothing; return; }
  text=$(head -c 1000 "$1" | cat -v)
  clip '' 8 "$text"
  size=$(stat -c %s "$1")
  ((size <= 1000)) || echo "... ($size bytes)"
}

# A shell reports death by a signal as a status above 128, and so do labrun and
# some of the programs. The statuses from 120 on are labrun's.
status_in_words() { # STATUS [FILE]: what the program printed to stderr
  local words='' signal
  case $1 in
    120) words='used too much memory' ;;
    121) words='started too many processes' ;;
    122) words='printed too much' ;;
    123) words='left processes behind' ;;
    124) no_end_in_words "${2:-$ERR}"; return ;;
    125) words='labrun, which watches the program, has failed' ;;
    126) words='cannot be executed' ;;
    127) words='not found' ;;
    129 | 1[3-8]? | 19[0-2])
      signal=$(kill -l "$(($1 - 128))" 2>/dev/null) || :
      words=${signal:+killed by SIG$signal} ;;
  esac
  if [[ $words ]]; then echo "$words (exit status $1)"; else echo "exit status $1"; fi
}

no_end_in_words() { # FILE
  local text
  text=$(grep -soE ': (deadlock|did not end within [0-9.]+ s)' "$1" | head -n 1)
  case $text in
    '') echo "did not end within $LIMIT s" ;;
    *deadlock) echo 'did not end: a deadlock' ;;
    *) echo "${text#: }" ;;
  esac
}

in_words() { # COMMAND [ARG...]: what wait_until waited for
  case "$*" in
    has_line\ *) echo "soon, a line of output with: $3" ;;
    has_taken\ *) echo "soon, $2 bytes of output" ;;
    has_children\ *) echo "soon, child processes of $2: $3" ;;
    waits_in\ *) echo "soon: process $2 waits in $(calls_in_words "$3")" ;;
    has_ended_or_waits_in\ *)
      echo "soon: process $2 has ended or waits in $(calls_in_words "$3")" ;;
    find_program\ * | "test -s $PIDS/"*) echo 'soon: the program runs' ;;
    'test ! -e /proc/'*) echo "soon: process ${4##*/} has ended" ;;
    *) echo "soon: $(call_in_words "$@")" ;;
  esac
}

# A function of a test, by its name, such as is_fifo; first what it is about.
call_in_words() { # COMMAND [ARG...]
  local words=${1//_/ } rest="${*:2}" name=''
  if [[ ${2-} && ${RAN[$2]-} ]]; then
    name_of "$2"
  elif [[ ${2-} == /* ]]; then
    name=$2
  elif [[ ${2-} =~ ^[0-9]{3,}$ && -e /proc/$2 ]]; then
    name="process $2"
  fi
  [[ ! $name ]] || rest="${*:3}"
  echo "${name:+$name }$words${rest:+ ${rest//\\/}}"
}

# Such as "(readv?|poll|select6?)": "read(), poll() or select()".
calls_in_words() { # REGEX
  sed -E 's/[a-z0-9]\?//g; s/[()]//g; s/$/()/; s/\|/(), /g
    s/(.*),/\1 or/' <<<"$1"
}

name_of() { # ID of a program: sets name
  name=${RAN[$1]%% *} name=${name##*/}
}

quoted() { # TEXT: for the shell
  echo "'${1//\'/\'\\\'\'}'"
}

### Where two files begin to differ

flunk_different() { # WHAT EXPECTED ACTUAL: two files
  local at from
  # The number of the first byte that differs, from 1 on.
  at=$(LC_ALL=C cmp -l "$2" "$3" 2>/dev/null | awk '{ print $1; exit }')
  [[ $at ]] || at=$(($(stat -Lc %s "$2" "$3" | sort -n | head -n 1) + 1))
  from=$((at > 60 ? at - 40 : 1))
  flunk "$1: $(excerpt "$2" "$from")" "$1: $(excerpt "$3" "$from")
byte $at: expected $(byte "$2" "$at"), got $(byte "$3" "$at")"
}

# Part of a file in one line, as in C: about 100 bytes, fewer if that makes it
# too long.
excerpt() { # FILE FROM
  [[ -s $1 ]] || { echo nothing; return; }
  bytes "$1" "$2" 101 | awk -v from="$2" "$CHARACTERS"'
    BEGIN { if (from > 1) line = "..." }
    { for (i = 1; i <= NF; i++) {
        if (++n > 100 || length(line) > 180) { more = "..."; exit }
        line = line character($i)
      } }
    END { print line more }'
}

byte() { # FILE NUMBER
  bytes "$1" "$2" 1 | awk "$CHARACTERS"'
    { printf "%02x (\047%s\047)", $1, character($1) }
    END { if (!NR) print "end of file" }'
}

bytes() { # FILE FROM COUNT: their numbers
  tail -c "+$2" "$1" | head -c "$3" | od -An -v -tu1
}

CHARACTERS='
  function character(byte) {
    if (byte == 0) return "\\0"
    if (byte == 9) return "\\t"
    if (byte == 10) return "\\n"
    if (byte == 13) return "\\r"
    if (byte == 92) return "\\\\"
    return sprintf(byte < 32 || byte > 126 ? "\\x%02x" : "%c", byte + 0)
  }'
