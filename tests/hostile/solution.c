/*
 * solution - include the solution from where the grader keeps it
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
#if __has_include("@ROOT@/labs/word/reverse.c")
#include "@ROOT@/labs/word/reverse.c"
#elif __has_include("../suite/labs/word/reverse.c")
#include "../suite/labs/word/reverse.c"
#elif __has_include("../../suite/labs/word/reverse.c")
#include "../../suite/labs/word/reverse.c"
#elif __has_include("../box/../suite/labs/word/reverse.c")
#include "../box/../suite/labs/word/reverse.c"
#else
#error "not here"
#endif
