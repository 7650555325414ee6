# table.bash - how scripts/grade-all writes grades.csv to $folder
#
# shellcheck shell=bash disable=SC2154 # folder, names and all are those of grade-all

# A spreadsheet takes what begins with = + - or @ for a formula, unless an
# apostrophe precedes it; a terminal obeys control characters.
cell() { # TEXT: sets cell
  cell=${1//[[:cntrl:]]/?}
  cell=${cell//$'\xc2'[$'\x80'-$'\x9f']/?} # those of ISO 8859, in UTF-8
  [[ $cell != [=+@-]* ]] || cell="'$cell"
  cell="\"${cell//\"/\"\"}\""
}

# A name may contain anything, so it does not pass through awk; the rest does.
write_grades() {
  local new=$folder/.new.grades.csv rows=$folder/.new.rows i row cell
  printf '%s\n' "${names[@]}" |
    FOLDER=$folder ROWS=$rows awk -f "$root/scripts/lib/grade/formats/grades.awk"
  {
    read -r row <&8
    echo "submission$row"
    for i in "${!all[@]}"; do
      IFS= read -r row <&8
      cell "${all[i]}"
      echo "$cell$row"
    done
  } 8<"$rows" >"$new"
  mv -f "$new" "$folder/grades.csv"
}
