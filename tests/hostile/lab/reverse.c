/* reverse - print the argument backwards */
#include "word.h"

int main(int argc, char *argv[])
{
    int status = EXIT_FAILURE;

    if (argc != 2)
        return 2;

    /* STEP 1: from the last letter to the first. */
    status = print_reversed(argv[1]);

    return status;
}
