# teacher.bash - what the grader and the slides need; a part of scripts/doctor
#
# shellcheck shell=bash

check_namespaces() {
  local knob mend=''
  if unshare -Ur true 2>/dev/null; then
    works namespaces 'ordinary users can create them'
    return
  fi
  for knob in kernel.apparmor_restrict_unprivileged_userns=1:0 \
    kernel.unprivileged_userns_clone=0:1 user.max_user_namespaces=0:10000; do
    local name=${knob%=*} values=${knob#*=}
    [[ $(value_of "${name//.//}") != "${values%:*}" ]] ||
      mend="sudo sysctl $name=${values#*:}"
  done
  without namespaces 'sandbox for the grader unless run as root' "$mend"
}

check_namespaces
optional bwrap 'sandbox for the grader unless run as root' bubblewrap \
  bubblewrap bubblewrap bubblewrap -
optional node 'slides as HTML pages' nodejs nodejs nodejs nodejs node
optional gnuplot 'plots' gnuplot gnuplot gnuplot gnuplot gnuplot
