# document.bash - the console blocks of the documents
#
# find_blocks appends the console blocks of a document to the block_ arrays.
# load_block splits one of them into steps: commands ($), lines of input (<)
# and expected lines of output (|), each of one terminal. print_step prints
# one as it is in the document.
#
# Whoever sources this sets $root and defines rename, a filter for blocks.
# shellcheck shell=bash disable=SC2034,SC2154 # play.bash and others use these

# All blocks: where they come from, their number of the first line, their lines.
declare -a block_lab=() block_file=() block_line=() block_text=() block_title=()

# The loaded block: its steps, and the line of the document that each is on.
document='' numbered=''
declare -a owner=() mark=() words=() origin=()

# find_blocks LAB FILE
find_blocks() {
  local i line lines fence='' kind='' indent='' heading='' paragraph='' gap=''
  # shellcheck disable=SC2016 # backquotes are meant
  local opening='^( *)(```+)([^` ]*)'
  mapfile -t lines <"$2"
  for i in "${!lines[@]}"; do
    line=${lines[i]#"$indent"}
    if [[ ! $fence && $line =~ $opening ]]; then
      indent=${BASH_REMATCH[1]} fence=${BASH_REMATCH[2]}
      kind=${BASH_REMATCH[3]}
      [[ $kind != console ]] ||
        new_block "$1" "$2" "$((i + 2))" "${paragraph:-$heading}"
    elif [[ $fence && $line == "$fence" ]]; then
      fence='' kind='' indent='' paragraph=''
    elif [[ $kind == console ]]; then
      block_text[-1]+=$line$'\n'
    elif [[ ! $fence ]]; then
      read_text "$line"
    fi
  done
}

# A line outside of blocks; changes the caller's $heading, $paragraph and $gap.
read_text() { # LINE
  if [[ $1 =~ ^#+\ (.*) ]]; then
    heading=${BASH_REMATCH[1]} paragraph=''
  elif [[ ! $1 ]]; then
    gap=1
  else
    [[ ! $gap ]] || paragraph=''
    gap='' paragraph+="${paragraph:+ }$1"
  fi
}

new_block() { # LAB FILE LINE TEXT: the text that precedes it
  block_lab+=("$1") block_file+=("$2") block_line+=("$3") block_text+=('')
  add_title "$4"
}

# The title is the first sentence, without Markdown or the mark at its end.
add_title() { # TEXT
  local word words text=${1#- } sentence='' link='^(.*)\[([^]]*)]\([^)]*\)(.*)$'
  while [[ $text =~ $link ]]; do
    text=${BASH_REMATCH[1]}${BASH_REMATCH[2]}${BASH_REMATCH[3]}
  done
  text=${text//\`/} text=${text//\*\*/}
  read -ra words <<<"$text"
  for word in "${words[@]}"; do
    sentence+="${sentence:+ }$word"
    [[ $word != *[.:?!] ]] || break
  done
  block_title+=("${sentence%[.:]}")
}

# parse_step LINE TEXT: this line of the document is a step
parse_step() {
  local i=${#words[@]} line=$2
  if ((i == 0)) && [[ $line =~ ^[1-9]\$ ]]; then numbered=1; fi
  if [[ ! $numbered ]]; then
    case $line in
    '$ '* | '< '*) line="1${line:0:1} ${line:2}" ;;
    *) line="1| $line" ;;
    esac
  fi
  if [[ ! $line =~ ^([1-9])([$<|])(\ (.*))?$ ]]; then
    complain "$1" "this is not a line of a transcript: $line"
  fi
  owner[i]=${BASH_REMATCH[1]} mark[i]=${BASH_REMATCH[2]}
  words[i]=${BASH_REMATCH[4]} origin[i]=$1
}

# load_block BLOCK
load_block() {
  local i lines
  document=${block_file[$1]} numbered=''
  owner=() mark=() words=() origin=()
  [[ ${block_text[$1]} ]] || return 0
  mapfile -t lines < <(rename <<<"${block_text[$1]%$'\n'}")
  for i in "${!lines[@]}"; do
    parse_step "$((block_line[$1] + i))" "${lines[i]}"
  done
}

# print_step N MARK TEXT: as in the document
print_step() {
  if [[ $numbered ]]; then
    printf '%s%s%s\n' "$1" "$2" "${3:+ $3}"
  elif [[ $2 == '|' ]]; then
    printf '%s\n' "$3"
  else
    printf '%s %s\n' "$2" "$3"
  fi
}

# complain LINE TEXT [STEP]: print it with the block, point to STEP, and exit
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
