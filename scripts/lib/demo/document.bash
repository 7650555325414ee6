# document.bash - the console blocks of a document
#
# A block is a list of steps: commands ($), lines of input (<) and expected
# lines of output (|), each of one terminal.
#
# Who sources this sets $root and defines rename, a filter for the document.
# shellcheck shell=bash disable=SC2034 # play.bash uses what is set here

heading='' document='' numbered=''
declare -a owner=() mark=() words=() origin=()

# parse_step NUMBER LINE: the line with this number of the document is a step
parse_step() {
  local i=${#words[@]} number=$1 line=$2
  if ((i == 0)) && [[ $line =~ ^[1-9]\$ ]]; then numbered=1; fi
  if [[ ! $numbered ]]; then
    case $line in
    '$ '* | '< '*) line="1${line:0:1} ${line:2}" ;;
    *) line="1| $line" ;;
    esac
  fi
  if [[ ! $line =~ ^([1-9])([$<|])(\ (.*))?$ ]]; then
    complain "$number" "this is no line of a transcript: $line"
  fi
  owner[i]=${BASH_REMATCH[1]} mark[i]=${BASH_REMATCH[2]}
  words[i]=${BASH_REMATCH[4]} origin[i]=$number
}

# each_block FILE COMMAND...: run the command for each console block of FILE
each_block() {
  local i line lines fence='' kind='' indent=''
  # shellcheck disable=SC2016 # backquotes are meant
  local opening='^( *)(```+)([^` ]*)'
  document=$1 heading=''
  shift
  mapfile -t lines <<<"$(rename <"$document")"
  for i in "${!lines[@]}"; do
    line=${lines[i]#"$indent"}
    if [[ ! $fence && $line =~ $opening ]]; then
      indent=${BASH_REMATCH[1]} fence=${BASH_REMATCH[2]}
      kind=${BASH_REMATCH[3]}
      owner=() mark=() words=() origin=() numbered=''
    elif [[ $fence && $line == "$fence" ]]; then
      if [[ $kind == console ]]; then "$@"; fi
      fence='' kind='' indent=''
    elif [[ $kind == console ]]; then
      parse_step "$((i + 1))" "$line"
    elif [[ ! $fence && $line =~ ^#+\ (.*) ]]; then
      heading=${BASH_REMATCH[1]}
    fi
  done
}

# print_step N MARK TEXT: as it stands in the document
print_step() {
  if [[ $numbered ]]; then
    printf '%s%s%s\n' "$1" "$2" "${3:+ $3}"
  elif [[ $2 == '|' ]]; then
    printf '%s\n' "$3"
  else
    printf '%s %s\n' "$2" "$3"
  fi
}

# complain LINE TEXT [STEP]: say it with the block, point to STEP, and stop
complain() {
  local i arrow
  echo "${document#"$root"/}:$1: $2"
  for i in "${!words[@]}"; do
    arrow='    '
    [[ $i != "${3:-}" ]] || arrow='  > '
    printf '%s' "$arrow"
    print_step "${owner[i]}" "${mark[i]}" "${words[i]}"
  done
  exit 1
} >&2
