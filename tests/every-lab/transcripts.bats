#!/usr/bin/env bats
# The transcripts and the quoted code in the documents of the lab LAB are right.

bats_require_minimum_version 1.5.0

setup() {
  [[ ${LAB:-} ]] || skip 'run by scripts/test, once for each lab'
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  readme=$root/labs/$LAB/README.md slides=$root/slides/$LAB.md
  # The deck "overview" belongs to all labs.
  [[ -d $root/labs/$LAB ]] || readme=$slides
}

need_slides() {
  [[ -f $slides ]] || skip "there is no slides/$LAB.md"
}

@test "the transcripts of the handout, the answers and the slides are right" {
  command -v script >/dev/null ||
    skip 'script is not installed (util-linux; Debian: bsdutils)'
  grep -q '^ *```console' "$readme"
  "${LABRUN:-$root/build/labrun}" -D -O -t 120 -p 200 \
    "$root/scripts/demo" --check "$LAB" </dev/null 3>&-
}

@test "the code on the slides is still in the programs" {
  need_slides
  awk -v root="$root" '
    function is_gap(line) { return line ~ /^ *(…|\/\* *… *\*\/) *$/ }

    # Are the lines from i of the block at line at of the file?
    function matches(i, at, indent) {
      if (i > count)
        return 1
      if (is_gap(block[i])) {
        for (; at <= lines + 1; at++)
          if (matches(i + 1, at, indent))
            return 1
        return 0
      }
      return at <= lines &&
        file[at] == (block[i] == "" ? "" : indent block[i]) &&
        matches(i + 1, at + 1, indent)
    }

    # The block may be indented less than the file.
    function found(   path, at, indent, width) {
      path = root "/" name
      for (lines = 0; (getline line <path) > 0; file[++lines] = line)
        continue
      close(path)
      for (at = 1; count && at <= lines; at++) {
        width = length(file[at]) - length(block[1])
        indent = substr(file[at], 1, width)
        if (width >= 0 && indent !~ /[^ ]/ && matches(1, at, indent))
          return 1
      }
      return 0
    }

    !fence && /^```/ {
      fence = 1; count = 0; start = FNR
      name = $1 == "```c" ? $2 : ""
      next
    }
    fence && /^```$/ {
      if (name != "" && !found()) {
        print FILENAME ":" start ": this is not in " name
        failed = 1
      }
      fence = 0
      next
    }
    fence && !(count == 0 && is_gap($0)) { block[++count] = $0 }
    END { exit failed }
  ' "$slides"
}

@test "a slide has at most 20 lines, and code of at most 72 columns" {
  need_slides
  LC_ALL=C awk '
    function end_slide() {
      if (used > 20) {
        print FILENAME ":" start ": " used " lines on a slide, more than 20"
        failed = 1
      }
      used = 0; start = FNR + 1
    }

    FNR == 1 && /^---$/ { front = 1; next }
    front { if (/^---$/) { front = 0; start = FNR + 1 } next }

    /^```/ { fence = !fence; next }
    !fence && /^---$/ { end_slide(); next }
    !fence && /^<!--/ { note = 1 }
    note { if (/-->/) note = 0; next }

    fence {
      gsub(/[\200-\277]/, "") # so that a character counts as one
      if (length > 72) {
        print FILENAME ":" FNR ": more than 72 columns"
        failed = 1
      }
    }
    fence || NF { used++ }
    END { end_slide(); exit failed }
  ' "$slides"
}
